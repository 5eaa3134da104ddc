// For production: set EPPO_API_KEY and REDIS_URL, leave EPPO_BASE_URL unset, and let your process manager start the workers.
import cluster from "node:cluster";
import { createClient, httpOrigin } from "@sortition/node";
import { redis } from "@sortition/redis";

const WORKERS = 4;

interface Report {
  readonly checkout: string;
  readonly requests: number;
}

/** A worker has one client, which reads its configuration from Redis. One worker polls for all. */
async function work(): Promise<void> {
  const fleet = redis({
    redis: process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379",
    origin: httpOrigin({
      apiKey: process.env["EPPO_API_KEY"] ?? "example",
      baseUrl: process.env["EPPO_BASE_URL"] ?? "https://fscdn.eppo.cloud/api",
    }),
  });
  const client = createClient({ source: fleet });
  await client.waitForInitialization();
  const checkout = client.getStringAssignment("test-checkout", "user-1", {}, "standard_checkout");
  const { error, ok, unchanged } = fleet.status.counters.polls;
  process.send?.({ checkout, requests: ok + unchanged + error } satisfies Report);
  process.once("message", async () => {
    await client.close(); // if this is the poller, another worker takes over
    process.disconnect();
  });
}

/** The primary starts the workers, and adds up their reports. */
async function lead(): Promise<void> {
  const workers = Array.from({ length: WORKERS }, () => cluster.fork());
  const reports = await Promise.all(
    workers.map((worker) => new Promise<Report>((resolve) => worker.once("message", resolve))),
  );
  const answers = new Set(reports.map(({ checkout }) => checkout));
  const requests = reports.reduce((sum, report) => sum + report.requests, 0);
  console.log(`${WORKERS} workers return ${[...answers].join(" and ")} for user-1`);
  console.log(`requests to the vendor: ${requests}`);
  for (const worker of workers) worker.send("close");
}

await (cluster.isPrimary ? lead() : work());

// Prints:
//   4 workers return fast_checkout for user-1
//   requests to the vendor: 1
