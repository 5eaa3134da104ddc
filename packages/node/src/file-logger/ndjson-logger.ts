import { createFiles, type FileLogger, type FileLoggerOptions, finishing } from "./file-logger.js";
import { jsonOf } from "./json.js";

/**
 * Creates a logger that appends each event to a file as a line of JSON, bandit actions and assignments
 * in the order in which they were logged. A full file is renamed (`x.ndjson` to `x.1.ndjson`, …). What is
 * buffered when the process exits is written synchronously.
 *
 * @throws OptionError if an option is unknown or has a bad value.
 */
export function ndjsonLogger(path: string, options: FileLoggerOptions = {}): FileLogger {
  const file = createFiles(path, options)(path, null);
  const { name = "ndjson" } = options;
  return {
    ...finishing(name, [file]),
    logAssignment: (event) => file.append(jsonOf(event)),
    logBanditAction: (event) => file.append(jsonOf(event)),
  };
}
