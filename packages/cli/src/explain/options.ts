import {
  configPathOf,
  configurationOptions,
  dialectOf,
  type OptionTypes,
  ownOptions,
  readArguments,
  timeOf,
} from "../arguments.js";
import { UsageError } from "../errors.js";
import type { EvaluateDialect } from "../evaluate/dialect.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** Types that a flag can be asked for as. */
const TYPES: readonly string[] = ["boolean", "integer", "numeric", "string", "json"];

/** What the command line asks for. */
export interface ExplainOptions {
  readonly dialect: EvaluateDialect;
  readonly configPath: string;
  readonly flag: string;
  readonly subjectKey: string;
  readonly attributes: JsonObject;
  /** `null`: the flag's own. */
  readonly type: string | null;
  readonly defaultValue: unknown;
  /** Epoch ms; `null`: the real time. */
  readonly nowMs: number | null;
  readonly isJson: boolean;
  readonly dialectOptions: ReadonlyMap<string, string>;
}

const COMMON = {
  dialect: { type: "string" },
  config: { type: "string" },
  subject: { type: "string" },
  attributes: { type: "string" },
  type: { type: "string" },
  default: { type: "string" },
  now: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies OptionTypes;

/** @throws UsageError */
export function parseExplainOptions(args: readonly string[]): ExplainOptions | "help" {
  const { given, positionals } = readArguments(
    args,
    { ...COMMON, ...configurationOptions() },
    true,
  );
  if (given.has("help")) return "help";
  const [flag, ...others] = positionals;
  if (flag === undefined) throw new UsageError("the key of the flag is missing");
  if (others.length > 0) throw new UsageError(`one flag at a time, got ${positionals.join(", ")}`);
  const dialect = dialectOf(given.get("dialect") ?? "eppo");
  const subjectKey = given.get("subject");
  if (subjectKey === undefined) throw new UsageError("--subject KEY is missing");
  return {
    dialect,
    configPath: configPathOf(given),
    flag,
    subjectKey,
    attributes: readAttributes(given.get("attributes") ?? "{}"),
    type: readType(given.get("type")),
    defaultValue: readJson("--default", given.get("default") ?? "null"),
    nowMs: timeOf(given.get("now")),
    isJson: given.has("json"),
    dialectOptions: ownOptions(given, COMMON, dialect),
  };
}

function readType(type: string | undefined): string | null {
  if (type === undefined) return null;
  if (TYPES.includes(type)) return type;
  const problem = `expected one of ${TYPES.join(", ")}, got ${JSON.stringify(type)}`;
  throw new UsageError(`--type: ${problem}`);
}

function readAttributes(text: string): JsonObject {
  const attributes = readJson("--attributes", text);
  if (isJsonObject(attributes)) return attributes;
  throw new UsageError(`--attributes: expected a JSON object such as '{"country":"DK"}'`);
}

function readJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${option}: not JSON; quote it for the shell, as in '{"country":"DK"}'`);
  }
}
