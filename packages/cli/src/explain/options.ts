import { type OptionTypes, readArguments } from "../arguments.js";
import {
  CONFIGURATION_OPTIONS,
  type ConfigurationOptions,
  dialectOptionTypes,
  readConfigurationOptions,
} from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** Types that a flag can be asked for as. */
const TYPES: readonly string[] = ["boolean", "integer", "numeric", "string", "json"];

/** What the command line asks for. */
export interface ExplainOptions extends ConfigurationOptions {
  readonly flag: string;
  readonly subjectKey: string;
  readonly attributes: JsonObject;
  /** `null`: the flag's own. */
  readonly type: string | null;
  readonly defaultValue: unknown;
  /** What a bandit chooses from, by name; `null`: no bandit is asked. */
  readonly actions: JsonObject | null;
  readonly isJson: boolean;
}

const COMMON: OptionTypes = {
  ...CONFIGURATION_OPTIONS,
  subject: { type: "string" },
  attributes: { type: "string" },
  actions: { type: "string" },
  type: { type: "string" },
  default: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** @throws UsageError */
export function parseExplainOptions(args: readonly string[]): ExplainOptions | "help" {
  const types = { ...COMMON, ...dialectOptionTypes("of configurations") };
  const { given, positionals } = readArguments(args, types, true);
  if (given.has("help")) return "help";
  const [flag, ...others] = positionals;
  if (flag === undefined) throw new UsageError("the key of the flag is missing");
  if (others.length > 0) throw new UsageError(`one flag at a time, got ${positionals.join(", ")}`);
  const subjectKey = given.get("subject");
  if (subjectKey === undefined) throw new UsageError("--subject KEY is missing");
  const actions = given.get("actions");
  if (actions !== undefined && given.has("type")) {
    throw new UsageError("--actions and --type: a bandit stands behind a text");
  }
  return {
    ...readConfigurationOptions(given, COMMON, "eppo"),
    flag,
    subjectKey,
    attributes: readObject("--attributes", given.get("attributes") ?? "{}", '{"country":"DK"}'),
    actions: actions === undefined ? null : readObject("--actions", actions, '{"nike":{}}'),
    type: readType(given.get("type")),
    defaultValue: readJson("--default", given.get("default") ?? "null"),
    isJson: given.has("json"),
  };
}

function readType(type: string | undefined): string | null {
  if (type === undefined) return null;
  if (TYPES.includes(type)) return type;
  const problem = `expected one of ${TYPES.join(", ")}, got ${JSON.stringify(type)}`;
  throw new UsageError(`--type: ${problem}`);
}

function readObject(option: string, text: string, example: string): JsonObject {
  const value = readJson(option, text);
  if (isJsonObject(value)) return value;
  throw new UsageError(`${option}: expected a JSON object such as '${example}'`);
}

function readJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${option}: not JSON; quote it for the shell, as in '{"country":"DK"}'`);
  }
}
