import {
  configPathOf,
  dialectOf,
  type OptionTypes,
  ownOptions,
  readArguments,
  timeOf,
} from "../arguments.js";
import type { EvaluateDialect } from "./dialect.js";
import { DIALECTS } from "./dialects.js";

/** What the command line asks for. */
export interface EvaluateOptions {
  readonly dialect: EvaluateDialect;
  readonly configPath: string;
  /** `null`: stdin. */
  readonly requestsPath: string | null;
  /** The clock of the whole run, epoch ms; `null`: the real one. */
  readonly nowMs: number | null;
  readonly hasEvents: boolean;
  readonly isQuiet: boolean;
  /** Values of the dialect's own options that are given. */
  readonly dialectOptions: ReadonlyMap<string, string>;
}

/** Options that every dialect has. */
const COMMON = {
  dialect: { type: "string" },
  config: { type: "string" },
  requests: { type: "string" },
  now: { type: "string" },
  events: { type: "boolean" },
  quiet: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies OptionTypes;

/** @throws UsageError */
export function parseEvaluateOptions(args: readonly string[]): EvaluateOptions | "help" {
  const own = DIALECTS.flatMap(({ options }) => options.map(({ name }) => name));
  const types: OptionTypes = {
    ...COMMON,
    ...Object.fromEntries(own.map((name) => [name, { type: "string" } as const])),
  };
  const { given } = readArguments(args, types, false);
  if (given.has("help")) return "help";
  const dialect = dialectOf(given.get("dialect"));
  const requestsPath = given.get("requests") ?? "-";
  return {
    dialect,
    configPath: configPathOf(given),
    requestsPath: requestsPath === "-" ? null : requestsPath,
    nowMs: timeOf(given.get("now")),
    hasEvents: given.has("events"),
    isQuiet: given.has("quiet"),
    dialectOptions: ownOptions(given, COMMON, dialect),
  };
}
