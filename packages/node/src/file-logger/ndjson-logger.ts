import {
  createFileLogger,
  type FileFormat,
  type FileLogger,
  type FileLoggerOptions,
  type Lines,
} from "./file-logger.js";
import { jsonOf } from "./json.js";

/** The event with its `type` first. No member of the event can override `type`. */
function linesOf(type: "assignment" | "bandit"): Lines<object> {
  return {
    header: null,
    // Two levels: the members of the event and the members of its attributes.
    lineOf: (event) => jsonOf(Object.assign({ type }, event, { type }), 2),
    closeTorn: () => "",
  };
}

/**
 * Creates a logger that appends each event to a file as a line of JSON with its `type`
 * (`assignment` or `bandit`), in the order in which events were logged. Buffered lines are written
 * synchronously when the process exits.
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function ndjsonLogger(path: string, options: FileLoggerOptions = {}): FileLogger {
  return createFileLogger(path, options, NDJSON);
}

/**
 * Creates an `ndjsonLogger` that takes over the file of another one.
 *
 * @param former - resolves when the other logger has closed the file. Lines wait until then.
 * @throws OptionError if an option is unknown or invalid.
 */
export function succeedingNdjsonLogger(
  path: string,
  options: FileLoggerOptions,
  former: Promise<void>,
): FileLogger {
  return createFileLogger(path, options, NDJSON, former);
}

const NDJSON: FileFormat = {
  name: "ndjson",
  assignments: linesOf("assignment"),
  bandits: linesOf("bandit"),
  banditPathOf: (path) => path,
};
