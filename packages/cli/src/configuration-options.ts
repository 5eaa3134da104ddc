import { type Arguments, findOptions, type OptionTypes, readArguments } from "./arguments.js";
import type { CliDialect, CommandName, DialectTable, OptionReader } from "./dialects/dialect.js";
import { loadDialect } from "./dialects/load-dialect.js";
import { UsageError } from "./errors.js";
import { parseTimeText } from "./evaluate/time.js";

/** What every command is given: a configuration, its dialect and the time. */
export interface ConfigurationOptions {
  readonly dialect: CliDialect;
  readonly configPath: string;
  /** Epoch ms; `null`: the real time. */
  readonly nowMs: number | null;
  /** Reads the dialect's own options. */
  readonly option: OptionReader;
}

/** A command, as far as its options are concerned. */
export interface CommandOptions {
  readonly name: CommandName;
  /** Types of its own options. */
  readonly types: OptionTypes;
  readonly allowPositionals: boolean;
  /** Whether the first dialect of the table is the default; otherwise `--dialect` is required. */
  readonly hasDefaultDialect: boolean;
}

const COMMON: OptionTypes = {
  dialect: { type: "string" },
  config: { type: "string" },
  now: { type: "string" },
  help: { type: "boolean", short: "h" },
};

/**
 * Reads the options that all commands share. The dialect is loaded first, since it has options too.
 *
 * @returns `"help"` if that is asked for.
 * @throws UsageError if an option is missing, bad or unknown to the command and the dialect.
 */
export async function readConfigurationOptions(
  args: readonly string[],
  { allowPositionals, hasDefaultDialect, name, types }: CommandOptions,
  dialects: DialectTable,
): Promise<(ConfigurationOptions & Arguments) | "help"> {
  const found = findOptions(args, { ...COMMON, ...types });
  if (found.has("help")) return "help";
  const [first] = Object.keys(dialects);
  const dialectName = found.get("dialect") ?? (hasDefaultDialect ? first : undefined);
  const dialect = await loadDialect(dialectName, dialects);
  const own = dialect.options.filter(({ commands }) => commands.includes(name));
  const ownTypes: OptionTypes = Object.fromEntries(own.map((it) => [it.name, { type: "string" }]));
  const read = readArguments(args, { ...ownTypes, ...COMMON, ...types }, allowPositionals);
  return {
    ...read,
    dialect,
    configPath: configPathOf(read.given.get("config")),
    nowMs: timeOf(read.given.get("now")),
    option: (option) => (Object.hasOwn(ownTypes, option) ? read.given.get(option) : undefined),
  };
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
