import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { AssignmentEvent, AssignmentLogger } from "@sortition/node";

const COLUMNS = [
  "timestamp",
  "subject",
  "featureFlag",
  "allocation",
  "experiment",
  "variation",
  "subjectAttributes",
  "messageId",
] as const satisfies readonly (keyof AssignmentEvent)[];

const LINES_PER_WRITE = 1_000;

/** A logger that writes each exposure as a line of a CSV file. */
export class CsvLogger implements AssignmentLogger {
  readonly #file: number;
  #lines: string[] = [COLUMNS.join(",")];

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, "w");
  }

  logAssignment(event: AssignmentEvent): void {
    this.#lines.push(COLUMNS.map((column) => quoted(event[column])).join(","));
    if (this.#lines.length >= LINES_PER_WRITE) this.flush();
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    writeSync(this.#file, `${this.#lines.join("\n")}\n`);
    this.#lines = [];
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}

/** Quotes a value if CSV requires it (RFC 4180). */
function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
