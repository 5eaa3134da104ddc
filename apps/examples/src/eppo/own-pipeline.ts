// For production: set EPPO_API_KEY, leave EPPO_BASE_URL unset, and send to your pipeline (mParticle, Kafka, a database) instead of to a list.
import { setTimeout as wait } from "node:timers/promises";
import { type AssignmentEvent, type AssignmentLogger, init } from "@sortition/node";

const table: AssignmentEvent[] = [];

/** Replace this with your pipeline's client. This one is slow. */
async function insert(events: readonly AssignmentEvent[]): Promise<void> {
  await wait(5);
  table.push(...events);
}

/** Asynchronous: an event is delivered when the promise is fulfilled, and retried if it is rejected. */
const oneByOne: AssignmentLogger = {
  name: "one by one",
  logAssignment: (event) => insert([event]),
};

/** Synchronous: collects events in a batch, and sends it on `flush` and `close`. */
class BatchLogger implements AssignmentLogger {
  readonly name = "batches";
  readonly owned = true; // the client closes it
  #batch: AssignmentEvent[] = [];

  logAssignment(event: AssignmentEvent): void {
    // Copy the attributes, because the caller may change the object before the batch is sent.
    this.#batch.push({ ...event, subjectAttributes: { ...event.subjectAttributes } });
  }

  async flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    try {
      if (batch.length > 0) await insert(batch);
    } catch (error) {
      this.#batch.unshift(...batch); // for the next flush; bound it if your pipeline may be down for long
      throw error;
    }
  }

  close(): void {
    console.log("batches: closed");
  }
}

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: [oneByOne, new BatchLogger()],
});
for (const user of ["user-1", "user-2", "user-3"]) {
  client.getStringAssignment("test-checkout", user, {}, "standard_checkout");
}
const { loggers } = await client.close({ timeoutMs: 5_000 });
for (const { name, ok } of loggers) console.log(`${name}: ${ok ? "ok" : "not ok"}`);
const ids = new Set(table.map(({ messageId }) => messageId));
console.log(`${table.length} rows of ${ids.size} exposures: equal ids are the same exposure`);

// Prints:
//   batches: closed
//   one by one: ok
//   batches: ok
//   6 rows of 3 exposures: equal ids are the same exposure
