import { createFiles, type FileLogger, type FileLoggerOptions, finishing } from "./file-logger.js";
import { jsonOf } from "./json.js";

/**
 * A logger that appends each event to a file as a line of JSON, choices of bandits among assignments
 * in the order in which they happened. A file that is full is renamed (`x.ndjson` to `x.1.ndjson`, …).
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
