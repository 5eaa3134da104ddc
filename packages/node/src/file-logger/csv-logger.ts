import { extname } from "node:path";
import type { AssignmentEvent, BanditEvent } from "@sortition/core";
import {
  createFileLogger,
  type FileLogger,
  type FileLoggerOptions,
  type Lines,
} from "./file-logger.js";
import { jsonOf } from "./json.js";

const ASSIGNMENT_COLUMNS = [
  "timestamp",
  "experiment",
  "featureFlag",
  "allocation",
  "variation",
  "subject",
  "subjectAttributes",
  "messageId",
] as const satisfies readonly (keyof AssignmentEvent)[];

const BANDIT_COLUMNS = [
  "timestamp",
  "flagKey",
  "banditKey",
  "modelVersion",
  "action",
  "actionProbability",
  "optimalityGap",
  "subject",
  "subjectNumericAttributes",
  "subjectCategoricalAttributes",
  "actionNumericAttributes",
  "actionCategoricalAttributes",
  "messageId",
] as const satisfies readonly (keyof BanditEvent)[];

/**
 * Creates a logger that appends each assignment to a CSV file (RFC 4180, with a header), and each bandit action to a
 * second file next to it: `x.csv` and `x.bandits.csv`. Attributes are written as JSON. Buffered lines are written
 * synchronously when the process exits.
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function csvLogger(path: string, options: FileLoggerOptions = {}): FileLogger {
  return createFileLogger(path, options, {
    name: "csv",
    assignments: linesOf(ASSIGNMENT_COLUMNS),
    bandits: linesOf(BANDIT_COLUMNS),
    banditPathOf(path) {
      const extension = extname(path);
      return `${path.slice(0, path.length - extension.length)}.bandits${extension}`;
    },
  });
}

function linesOf<Column extends string>(
  columns: readonly Column[],
): Lines<Record<Column, unknown>> {
  return {
    header: columns.join(","),
    lineOf: (event) => columns.map((column) => quoted(event[column])).join(","),
    // An open quote would continue on the next line.
    closeTorn: (line) => (line.split('"').length % 2 === 0 ? '"' : ""),
  };
}

/** Quotes a value where CSV requires it. `null` becomes an empty field. */
function quoted(value: unknown): string {
  if (value === null || value === undefined) return "";
  const field = typeof value === "string" ? value : jsonOf(value, 1);
  return /[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
