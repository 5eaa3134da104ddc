import { extname } from "node:path";
import type { AssignmentEvent, BanditEvent } from "@sortition/core";
import {
  assignmentLines,
  createFiles,
  type FileLogger,
  type FileLoggerOptions,
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
 * Creates a logger that appends each assignment to a CSV file (RFC 4180, with a header), and each bandit
 * action to another beside it: `x.csv` and `x.bandits.csv`. Attributes are JSON. A full file is renamed
 * (`x.csv` to `x.1.csv`, …). What is buffered when the process exits is written synchronously.
 *
 * @throws OptionError if an option is unknown or has a bad value.
 */
export function csvLogger(path: string, options: FileLoggerOptions = {}): FileLogger {
  const files = createFiles("csv", path, options);
  const extension = extname(path);
  const banditPath = `${path.slice(0, path.length - extension.length)}.bandits${extension}`;
  const assignments = files.create(path, ASSIGNMENT_COLUMNS.join(","));
  const bandits = files.create(banditPath, BANDIT_COLUMNS.join(","));
  const lineOf = (event: AssignmentEvent): string =>
    ASSIGNMENT_COLUMNS.map((column) => quoted(event[column])).join(",");
  return {
    ...files.finishing([assignments, bandits]),
    ...assignmentLines(assignments.file, lineOf),
    logBanditAction: (event) =>
      bandits.file.append(BANDIT_COLUMNS.map((column) => quoted(event[column])).join(",")),
  };
}

/** Quotes a value where CSV requires it. `null` becomes an empty field. */
function quoted(value: unknown): string {
  if (value === null || value === undefined) return "";
  const field = typeof value === "string" ? value : jsonOf(value);
  return /[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
