import { type ParseArgsConfig, parseArgs } from "node:util";
import { messageOf } from "@sortition/core/dialect-internal";
import { relatedNames } from "@sortition/core/internal";
import { UsageError } from "./errors.js";
import { nearText } from "./near.js";

/** Option definitions by name, without the leading dashes. */
export type OptionTypes = NonNullable<ParseArgsConfig["options"]>;

/** The arguments after the command. */
export interface Arguments {
  /** Values of the given options by name. An option without a value has `""`. */
  readonly given: ReadonlyMap<string, string>;
  /** All values of the options that may be given several times, by name. */
  readonly repeated: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

/** @throws UsageError if an option is unknown, lacks its value or is given twice. */
export function readArguments(
  args: readonly string[],
  options: OptionTypes,
  allowPositionals: boolean,
): Arguments {
  const given = new Map<string, string>();
  const repeated = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokensOf(args, options, allowPositionals)) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (options[token.name]?.multiple === true) {
      repeated.set(token.name, [...(repeated.get(token.name) ?? []), token.value ?? ""]);
      continue;
    }
    if (given.has(token.name)) {
      const advice = token.name === "config" ? ": to compare two files, use sortition diff" : "";
      throw new UsageError(`--${token.name} is given twice${advice}`);
    }
    given.set(token.name, token.value ?? "");
  }
  return { given, repeated, positionals };
}

/** Finds options among arguments that may contain unknown ones. Never throws. */
export function findOptions(
  args: readonly string[],
  options: OptionTypes,
): ReadonlyMap<string, string | undefined> {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  return new Map(
    tokens.flatMap((token) => (token.kind === "option" ? [[token.name, token.value]] : [])),
  );
}

/** Finds the arguments that are neither options nor their values. Never throws. */
export function findPositionals(args: readonly string[], options: OptionTypes): readonly string[] {
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true }).positionals;
}

/**
 * Rejects flags that are given as an option.
 *
 * @param command - the command before the flags.
 * @throws UsageError
 */
export function rejectFlagOption(args: readonly string[], command: string): void {
  const types = { flag: { type: "string" }, flags: { type: "string" } } as const;
  const [name, value] = [...findOptions(args, types)].find(([it]) => it in types) ?? [];
  if (name === undefined) return;
  const flags = value?.replaceAll(",", " ") ?? "FLAG";
  throw new UsageError(`Unknown option '--${name}': write ${command} ${flags}`);
}

/** @throws UsageError for `--max-wrong 1 %`. */
function rejectLonePercent(args: readonly string[]): void {
  const at = args.indexOf("%");
  const [option = "", number = ""] = args.slice(Math.max(0, at - 2), Math.max(0, at));
  if (!option.startsWith("--") || !/^[\d.]+$/.test(number)) return;
  throw new UsageError(`% is not a file: write ${option} ${number}%, without a space`);
}

function tokensOf(args: readonly string[], options: OptionTypes, allowPositionals: boolean) {
  rejectLonePercent(args);
  rejectUnknown(args, options);
  try {
    return parseArgs({ args: [...args], options, allowPositionals, tokens: true }).tokens;
  } catch (error) {
    const [unexpected] = allowPositionals ? [] : findPositionals(args, options);
    if (unexpected !== undefined) {
      const form = unexpected.startsWith("{")
        ? "pipe it to the command"
        : `use --requests ${unexpected}`;
      const instead = Object.hasOwn(options, "requests") ? `: ${form}` : listOf(options);
      throw new UsageError(`unexpected argument ${unexpected}${instead}`);
    }
    const [, option] = /^Option '(?:-\w, )?(--\S+) <value>' argument/.exec(messageOf(error)) ?? [];
    if (option === undefined) throw new UsageError(messageOf(error));
    throw new UsageError(`${option} lacks its value: write ${option} VALUE`);
  }
}

/** Suggests the option that begins with a letter: `: use --config`. Empty unless there is exactly one. */
function longForm(letter: string, options: OptionTypes): string {
  const [name, ...others] = Object.keys(options).filter((it) => it.startsWith(letter));
  return name === undefined || others.length > 0 ? "" : `: use --${name}`;
}

/** Names that tools of vendors and of OpenFeature give to options. */
const ALIASES: Readonly<Record<string, string>> = { context: "attributes", output: "out" };

/** Suggests the option that has another name elsewhere. Empty if there is none. */
function alias(name: string, options: OptionTypes): string {
  const own = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  return own === undefined || !Object.hasOwn(options, own) ? "" : `: use --${own}`;
}

/** Suggests the options that share a word with a name. Empty if there are none, or many. */
function related(name: string, options: OptionTypes): string {
  const names = relatedNames(name, Object.keys(options));
  if (names.length === 0) return "";
  return `, did you mean ${names.map((it) => `'--${it}'`).join(" or ")}?`;
}

function listOf(options: OptionTypes): string {
  return `; the options are ${Object.keys(options)
    .map((name) => `--${name}`)
    .join(", ")}`;
}

/**
 * @throws UsageError for an unknown option. The message suggests the known option with the most similar name, or lists a few
 * options.
 */
function rejectUnknown(args: readonly string[], options: OptionTypes): void {
  const letters = new Set(Object.values(options).map(({ short }) => short));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option" || Object.hasOwn(options, token.name)) continue;
    if (!token.rawName.startsWith("--") && letters.has(token.name)) continue;
    const near = token.rawName.startsWith("--")
      ? nearText(token.name, Object.keys(options), (name) => `'--${name}'`)
      : longForm(token.name, options);
    const advice =
      alias(token.name, options) || near || related(token.name, options) || listOf(options);
    throw new UsageError(`Unknown option '${token.rawName}'${advice}`);
  }
}
