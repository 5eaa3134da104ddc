import { type ParseArgsConfig, parseArgs } from "node:util";
import { messageOf } from "@sortition/core/dialect";
import { UsageError } from "../errors.js";
import type { EvaluateDialect } from "./dialect.js";
import { DIALECTS } from "./dialects.js";
import { parseTimeText } from "./time.js";

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

type OptionTypes = NonNullable<ParseArgsConfig["options"]>;

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
  const given = readOptions(args, own);
  if (given.has("help")) return "help";
  const dialect = dialectOf(given.get("dialect"));
  const dialectOptions = new Map<string, string>();
  for (const [name, value] of given) {
    if (Object.hasOwn(COMMON, name)) continue;
    if (!dialect.options.some((option) => option.name === name)) {
      throw new UsageError(`--${name} is no option of the dialect ${dialect.name}`);
    }
    dialectOptions.set(name, value);
  }
  const configPath = given.get("config");
  if (configPath === undefined) throw new UsageError("--config FILE is missing");
  const requestsPath = given.get("requests") ?? "-";
  return {
    dialect,
    configPath,
    requestsPath: requestsPath === "-" ? null : requestsPath,
    nowMs: timeOf(given.get("now")),
    hasEvents: given.has("events"),
    isQuiet: given.has("quiet"),
    dialectOptions,
  };
}

/** Values of the options that are given, `""` for those without one. */
function readOptions(args: readonly string[], own: readonly string[]): ReadonlyMap<string, string> {
  const options: OptionTypes = {
    ...COMMON,
    ...Object.fromEntries(own.map((name) => [name, { type: "string" } as const])),
  };
  const given = new Map<string, string>();
  for (const token of tokensOf(args, options)) {
    if (token.kind !== "option") continue;
    if (given.has(token.name)) throw new UsageError(`--${token.name} is given twice`);
    given.set(token.name, token.value ?? "");
  }
  return given;
}

function tokensOf(args: readonly string[], options: OptionTypes) {
  try {
    return parseArgs({ args: [...args], options, tokens: true }).tokens;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function dialectOf(name: string | undefined): EvaluateDialect {
  const supported = `supported: ${DIALECTS.map((dialect) => dialect.name).join(", ")}`;
  if (name === undefined) throw new UsageError(`--dialect is missing; ${supported}`);
  const dialect = DIALECTS.find((it) => it.name === name);
  if (dialect !== undefined) return dialect;
  throw new UsageError(`--dialect: ${JSON.stringify(name)} is not supported; ${supported}`);
}

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const nowMs = parseTimeText(text);
  if (nowMs !== null) return nowMs;
  const problem = "expected an ISO 8601 time or epoch milliseconds";
  throw new UsageError(`--now: ${problem}, got ${JSON.stringify(text)}`);
}
