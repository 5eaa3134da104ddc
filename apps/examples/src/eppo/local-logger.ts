// For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset.
// Log to your event pipeline instead of to a file.
import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { type AssignmentEvent, type AssignmentLogger, init } from "@sortition/node";

const CSV_FILE = "eppo_assignments.csv";
const FIELDS = [
  "experiment",
  "subject",
  "variation",
  "timestamp",
  "subjectAttributes",
  "featureFlag",
  "allocation",
] as const satisfies readonly (keyof AssignmentEvent)[];

class LocalAssignmentLogger implements AssignmentLogger {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    writeFileSync(path, `${FIELDS.join(",")}\n`);
  }

  logAssignment(event: AssignmentEvent): void {
    appendFileSync(this.#path, `${FIELDS.map((field) => quoted(event[field])).join(",")}\n`);
  }
}

/** Quotes a value where CSV needs it. */
function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: new LocalAssignmentLogger(CSV_FILE),
});

for (let i = 0; i < 10; i++) {
  const userId = randomUUID();
  const variation = client.getStringAssignment("test-checkout", userId, {}, "standard_checkout");
  if (variation === "fast_checkout") console.log(`${userId}: Fast checkout`);
  else if (variation === "standard_checkout") console.log(`${userId}: Standard checkout`);
  else console.log(`${userId}: Check your configuration`);
}

await client.close();

const [head = "", first = "", ...others] = readFileSync(CSV_FILE, "utf8").trimEnd().split("\n");
console.log(`${CSV_FILE} has ${others.length + 1} lines like this one:`);
const values = first.split(",");
for (const [i, name] of head.split(",").entries()) console.log(`${name}: ${values[i]}`);

// Prints:
//   …-…-…-…-…: … checkout
//   …-…-…-…-…: … checkout
//   …-…-…-…-…: … checkout
//   …-…-…-…-…: … checkout
//   …-…-…-…-…: … checkout
//   …-…-…-…-…: … checkout
//   …-…-…-…-…: … checkout
//   …-…-…-…-…: … checkout
//   …-…-…-…-…: … checkout
//   …-…-…-…-…: … checkout
//   eppo_assignments.csv has 10 lines like this one:
//   experiment: test-checkout-half-and-half
//   subject: …-…-…-…-…
//   variation: …_checkout
//   timestamp: …T…Z
//   subjectAttributes: {}
//   featureFlag: test-checkout
//   allocation: half-and-half
