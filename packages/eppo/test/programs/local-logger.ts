import { type IAssignmentEvent, type IAssignmentLogger, init } from "@eppo/node-server-sdk";

const FIELDS = [
  "experiment",
  "subject",
  "variation",
  "subjectAttributes",
  "featureFlag",
  "allocation",
] as const satisfies readonly (keyof IAssignmentEvent)[];

/** Rows of a CSV file. */
class LocalAssignmentLogger implements IAssignmentLogger {
  readonly rows: string[] = [FIELDS.join(",")];

  logAssignment(event: IAssignmentEvent): void {
    this.rows.push(FIELDS.map((field) => quoted(event[field])).join(","));
  }
}

/** Quotes a value where CSV needs it. */
function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const logger = new LocalAssignmentLogger();
const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: logger,
});
client.useLRUInMemoryAssignmentCache(5);
for (let round = 0; round < 2; round++) {
  for (let i = 0; i < 10; i++) {
    client.getStringAssignment("test-checkout", `user-${i}`, { plan: "pro", seats: i }, "standard");
  }
}
client.useNonExpiringInMemoryAssignmentCache();
for (let i = 0; i < 20; i++) {
  client.getStringAssignment("test-checkout", `user-${i % 10}`, {}, "standard");
}
client.disableAssignmentCache();
for (let i = 0; i < 3; i++) client.getStringAssignment("test-checkout", "user-1", {}, "standard");
client.stopPolling();
for (const row of logger.rows) console.log(row);
