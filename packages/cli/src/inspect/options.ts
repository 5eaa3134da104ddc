import {
  configPathOf,
  configurationOptions,
  dialectOf,
  type OptionTypes,
  ownOptions,
  readArguments,
  timeOf,
} from "../arguments.js";
import type { EvaluateDialect } from "../evaluate/dialect.js";

/** What the command line asks for. */
export interface InspectOptions {
  readonly dialect: EvaluateDialect;
  readonly configPath: string;
  /** Keys of the flags to show; none: all. */
  readonly flags: readonly string[];
  /** Epoch ms; `null`: the real time. */
  readonly nowMs: number | null;
  readonly isJson: boolean;
  readonly dialectOptions: ReadonlyMap<string, string>;
}

const COMMON = {
  dialect: { type: "string" },
  config: { type: "string" },
  now: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies OptionTypes;

/** @throws UsageError */
export function parseInspectOptions(args: readonly string[]): InspectOptions | "help" {
  const types = { ...COMMON, ...configurationOptions() };
  const { given, positionals } = readArguments(args, types, true);
  if (given.has("help")) return "help";
  const dialect = dialectOf(given.get("dialect") ?? "eppo");
  return {
    dialect,
    configPath: configPathOf(given),
    flags: positionals,
    nowMs: timeOf(given.get("now")),
    isJson: given.has("json"),
    dialectOptions: ownOptions(given, COMMON, dialect),
  };
}
