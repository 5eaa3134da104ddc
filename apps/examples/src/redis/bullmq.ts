// For production: set EPPO_API_KEY and REDIS_URL, and leave EPPO_BASE_URL unset.
// Run the worker in its own process.
import { once } from "node:events";
import { init } from "@sortition/node";
import { type Job, Queue, Worker } from "bullmq";

const connection = { url: process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379" };

interface Receipt {
  readonly userId: string;
}

// One client for the whole process, created before the first job.
const flags = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} has ${variation}`),
  },
});

/** A second attempt gets the same value, and this process does not log the same exposure again. */
async function sendReceipt({ attemptsMade, data: { userId } }: Job<Receipt>): Promise<void> {
  // The subject key is in the job, because a worker has no session or cookie.
  const layout = flags.getStringAssignment("test-checkout", userId, {}, "standard_checkout");
  console.log(`attempt ${attemptsMade + 1}: the receipt of ${userId} fits ${layout}`);
  if (attemptsMade === 0) throw new Error("the mail server is busy");
}

// Autorun is off until the listener below is attached.
const worker = new Worker<Receipt>("receipts", sendReceipt, { connection, autorun: false });
const queue = new Queue<Receipt>("receipts", { connection });
await queue.add("receipt", { userId: "user-1" }, { attempts: 2 });

const completed = once(worker, "completed");
void worker.run();
await completed;

// In production, do this on SIGTERM. Wait for running jobs, then deliver the last exposures.
// After `close`, nothing is logged.
await worker.close();
const { pending } = await flags.close();
await queue.close();
console.log(`closed, ${pending} exposures left`);

// Prints:
//   logged: user-1 has fast_checkout
//   attempt 1: the receipt of user-1 fits fast_checkout
//   attempt 2: the receipt of user-1 fits fast_checkout
//   closed, 0 exposures left
