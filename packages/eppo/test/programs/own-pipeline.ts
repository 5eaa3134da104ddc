import { setTimeout as wait } from "node:timers/promises";
import { type IAssignmentEvent, type IAssignmentLogger, init } from "@eppo/node-server-sdk";

const table: IAssignmentEvent[] = [];

/** Represents your pipeline's client, which is slow. */
async function insert(events: readonly IAssignmentEvent[]): Promise<void> {
  await wait(5);
  table.push(...events);
}

/** Collects events in a batch, and also passes each event to a slow client immediately. */
class BatchLogger implements IAssignmentLogger {
  readonly #pending: Promise<void>[] = [];
  #batch: IAssignmentEvent[] = [];

  logAssignment(event: IAssignmentEvent): void {
    event["shop"] = "north"; // events are the logger's own
    this.#batch.push(event);
    this.#pending.push(insert([event]));
  }

  async flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    await Promise.all([...this.#pending, insert(batch)]);
  }
}

const logger = new BatchLogger();
const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: logger,
});
for (let i = 0; i < 40; i++) {
  client.getStringAssignment("test-checkout", `user-${i}`, {}, "standard_checkout");
}
client.stopPolling();
await logger.flush();
console.log(table.length);
for (const event of table) console.log(event);
