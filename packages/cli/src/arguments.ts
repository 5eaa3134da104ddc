import { type ParseArgsConfig, parseArgs } from "node:util";
import { messageOf } from "@sortition/core/dialect";
import { UsageError } from "./errors.js";
import type { EvaluateDialect } from "./evaluate/dialect.js";
import { DIALECTS } from "./evaluate/dialects.js";
import { parseTimeText } from "./evaluate/time.js";

/** Options by their names without dashes. */
export type OptionTypes = NonNullable<ParseArgsConfig["options"]>;

/** What stands on a command line, after the command. */
export interface Arguments {
  /** Values of the options that are given, `""` for those without one. */
  readonly given: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
}

/** @throws UsageError if an option is unknown, lacks its value or is given twice. */
export function readArguments(
  args: readonly string[],
  options: OptionTypes,
  allowPositionals: boolean,
): Arguments {
  const given = new Map<string, string>();
  const positionals: string[] = [];
  for (const token of tokensOf(args, options, allowPositionals)) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (given.has(token.name)) throw new UsageError(`--${token.name} is given twice`);
    given.set(token.name, token.value ?? "");
  }
  return { given, positionals };
}

/** @throws UsageError if the dialect is not one of ours. */
export function dialectOf(name: string | undefined): EvaluateDialect {
  const supported = `supported: ${DIALECTS.map((dialect) => dialect.name).join(", ")}`;
  if (name === undefined) throw new UsageError(`--dialect is missing; ${supported}`);
  const dialect = DIALECTS.find((it) => it.name === name);
  if (dialect !== undefined) return dialect;
  throw new UsageError(`--dialect: ${JSON.stringify(name)} is not supported; ${supported}`);
}

/** Epoch ms of `--now`; `null` if it is not given. @throws UsageError if it is no time. */
export function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const nowMs = parseTimeText(text);
  if (nowMs !== null) return nowMs;
  const problem = "expected an ISO 8601 time or epoch milliseconds";
  throw new UsageError(`--now: ${problem}, got ${JSON.stringify(text)}`);
}

/** @throws UsageError if there is no `--config`. */
export function configPathOf(given: Arguments["given"]): string {
  const path = given.get("config");
  if (path === undefined) throw new UsageError("--config FILE is missing");
  return path;
}

/** The options of all dialects that belong to a configuration, whatever that is read for. */
export function configurationOptions(): OptionTypes {
  const own = DIALECTS.flatMap(({ options }) => options.filter((it) => it.isOfConfiguration));
  return Object.fromEntries(own.map(({ name }) => [name, { type: "string" }] as const));
}

/**
 * The dialect's own options among those that are given.
 *
 * @throws UsageError if one of them is another dialect's.
 */
export function ownOptions(
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

function tokensOf(args: readonly string[], options: OptionTypes, allowPositionals: boolean) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals, tokens: true }).tokens;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
