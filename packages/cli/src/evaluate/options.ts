import { constants } from "node:buffer";
import type { OptionTypes } from "../arguments.js";
import {
  type CommandOptions,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import type { DialectTable } from "../dialects/dialect.js";
import { UsageError } from "../errors.js";
import { DEFAULT_MAX_LINE_BYTES } from "./lines.js";

/** What the command line asks for. `nowMs` is the clock of the whole run. */
export interface EvaluateOptions extends ConfigurationOptions {
  /** `null`: stdin. */
  readonly requestsPath: string | null;
  readonly hasEvents: boolean;
  readonly maxLineBytes: number;
  readonly isQuiet: boolean;
}

const TYPES: OptionTypes = {
  requests: { type: "string" },
  events: { type: "boolean" },
  "max-line-bytes": { type: "string" },
  quiet: { type: "boolean" },
};

const COMMAND: CommandOptions = {
  name: "evaluate",
  types: TYPES,
  allowPositionals: false,
  hasDefaultDialect: false,
};

/** @throws UsageError */
export async function parseEvaluateOptions(
  args: readonly string[],
  dialects: DialectTable,
): Promise<EvaluateOptions | "help"> {
  const options = await readConfigurationOptions(args, COMMAND, dialects);
  if (options === "help") return "help";
  const { given } = options;
  const requestsPath = given.get("requests") ?? "-";
  return {
    ...options,
    requestsPath: requestsPath === "-" ? null : requestsPath,
    hasEvents: given.has("events"),
    maxLineBytes: maxLineBytesOf(given.get("max-line-bytes")),
    isQuiet: given.has("quiet"),
  };
}

/** A line has to fit into one string. */
function maxLineBytesOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MAX_LINE_BYTES;
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= constants.MAX_STRING_LENGTH) return value;
  const expected = `a whole number from 1 to ${constants.MAX_STRING_LENGTH}`;
  throw new UsageError(`--max-line-bytes: expected ${expected}, got ${JSON.stringify(text)}`);
}
