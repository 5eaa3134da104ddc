import type { Arguments, OptionTypes } from "./arguments.js";
import { UsageError } from "./errors.js";
import type { EvaluateDialect } from "./evaluate/dialect.js";
import { DIALECTS } from "./evaluate/dialects.js";
import { parseTimeText } from "./evaluate/time.js";

/** What every command is asked for: a configuration, how to read it, and at what time. */
export interface ConfigurationOptions {
  readonly dialect: EvaluateDialect;
  readonly configPath: string;
  /** Epoch ms; `null`: the real time. */
  readonly nowMs: number | null;
  /** Values of the dialect's own options that are given. */
  readonly dialectOptions: ReadonlyMap<string, string>;
}

/** Their types, whatever the dialect. */
export const CONFIGURATION_OPTIONS: OptionTypes = {
  dialect: { type: "string" },
  config: { type: "string" },
  now: { type: "string" },
};

/** Types of the options that only some dialects have: of all, or of those that are about reading a configuration. */
export function dialectOptionTypes(which: "all" | "of configurations"): OptionTypes {
  const own = DIALECTS.flatMap(({ options }) =>
    options.filter((it) => which === "all" || it.isOfConfiguration),
  );
  return Object.fromEntries(own.map(({ name }) => [name, { type: "string" }] as const));
}

/**
 * Reads what every command is asked for.
 *
 * @param common - types of the options of this command that every dialect has.
 * @param defaultDialect - without one, `--dialect` must be given.
 * @throws UsageError if one is missing, bad, or another dialect's.
 */
export function readConfigurationOptions(
  given: Arguments["given"],
  common: OptionTypes,
  defaultDialect?: string,
): ConfigurationOptions {
  const dialect = dialectOf(given.get("dialect") ?? defaultDialect);
  return {
    dialect,
    configPath: configPathOf(given.get("config")),
    nowMs: timeOf(given.get("now")),
    dialectOptions: ownOptions(given, common, dialect),
  };
}

function dialectOf(name: string | undefined): EvaluateDialect {
  const supported = `supported: ${DIALECTS.map((dialect) => dialect.name).join(", ")}`;
  if (name === undefined) throw new UsageError(`--dialect is missing; ${supported}`);
  const dialect = DIALECTS.find((it) => it.name === name);
  if (dialect !== undefined) return dialect;
  throw new UsageError(`--dialect: ${JSON.stringify(name)} is not supported; ${supported}`);
}

function configPathOf(path: string | undefined): string {
  if (path === undefined) throw new UsageError("--config FILE is missing");
  return path;
}

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const nowMs = parseTimeText(text);
  if (nowMs !== null) return nowMs;
  const problem = "expected an ISO 8601 time or epoch milliseconds";
  throw new UsageError(`--now: ${problem}, got ${JSON.stringify(text)}`);
}

/** The dialect's own options among those that are given. */
function ownOptions(
  given: Arguments["given"],
  common: OptionTypes,
  dialect: EvaluateDialect,
): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  for (const [name, value] of given) {
    if (Object.hasOwn(common, name)) continue;
    if (!dialect.options.some((option) => option.name === name)) {
      throw new UsageError(`--${name} is no option of the dialect ${dialect.name}`);
    }
    own.set(name, value);
  }
  return own;
}
