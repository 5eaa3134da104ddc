import { constants } from "node:buffer";
import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { UsageError } from "../errors.js";
import type { FormatOptions } from "../evaluate/format.js";
import { DEFAULT_MAX_LINE_BYTES } from "../evaluate/lines.js";
import { type RowLimits, rowLimitsOf } from "../rows/row-limits.js";
import { EVALUATE } from "./help.js";

/** The parsed command line. `nowMs` is the time of evaluation for all lines. */
export interface EvaluateOptions extends ConfigurationOptions {
  /** Path of the requests; `null` for stdin. */
  readonly requestsPath: string | null;
  readonly hasEvents: boolean;
  readonly maxLineBytes: number;
  readonly isQuiet: boolean;
  readonly format: FormatOptions;
  /** Limits the lines that may fail. */
  readonly rowLimits: RowLimits;
}

/** @throws UsageError */
export async function parseEvaluateOptions(line: CommandLine): Promise<EvaluateOptions> {
  const options = await readConfigurationOptions(line, EVALUATE, {
    allowsPositionals: false,
  });
  const { given } = options;
  const requestsPath = given.get("requests") ?? "-";
  if (requestsPath === "-" && options.configPath === "-") {
    throw new UsageError("--config -: only one input can be stdin, so add --requests FILE");
  }
  return {
    ...options,
    requestsPath: requestsPath === "-" ? null : requestsPath,
    hasEvents: given.has("events"),
    maxLineBytes: maxLineBytesOf(given.get("max-line-bytes")),
    isQuiet: given.has("quiet"),
    format: formatOptionsOf(given.get("format"), given.get("fields")),
    rowLimits: rowLimitsOf(given),
  };
}

/** @throws UsageError */
function formatOptionsOf(format: string | undefined, text: string | undefined): FormatOptions {
  if (format !== undefined && format !== "csv" && format !== "ndjson") {
    throw new UsageError(`--format: expected ndjson or csv, got ${JSON.stringify(format)}`);
  }
  const fields = text?.split(",").map((name) => name.trim()) ?? null;
  if (fields?.includes("")) throw new UsageError("--fields: expected names, e.g. id,value");
  return { isCsv: format === "csv", fields };
}

/** Reads the limit. A line must fit into one JavaScript string. */
function maxLineBytesOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MAX_LINE_BYTES;
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= constants.MAX_STRING_LENGTH) return value;
  const expected = `an integer from 1 to ${constants.MAX_STRING_LENGTH}`;
  throw new UsageError(`--max-line-bytes: expected ${expected}, got ${JSON.stringify(text)}`);
}
