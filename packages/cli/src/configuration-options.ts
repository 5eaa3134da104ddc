import {
  type Arguments,
  findOptions,
  findPositionals,
  type OptionTypes,
  readArguments,
} from "./arguments.js";
import type { CliDialect, DialectTable, OpenOptions } from "./dialects/dialect.js";
import { loadAllDialects, loadDialect } from "./dialects/load-dialect.js";
import { notFlags } from "./dialects/not-flags.js";
import { otherDialect, parseJson, recognizeDialect } from "./dialects/recognize.js";
import { UsageError } from "./errors.js";
import { type PayloadFile, payloadFault, readPayloadFile } from "./evaluate/payload-file.js";
import { parseTimeText } from "./evaluate/time.js";
import { type CommandHelp, type CommandOption, typesOf } from "./help/command-help.js";
import type { Io } from "./io.js";
import { createMessages } from "./messages.js";
import { nearText } from "./near.js";

/** The arguments, streams and dialects of a command. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly io: Io;
  readonly dialects: DialectTable;
  /** Name of the configuration in messages. Default: `--config`. */
  readonly configName?: string;
}

/** A configuration that the command line names, and its dialect. The file is read only once. */
export interface GivenConfiguration extends Pick<OpenOptions, "config" | "configPath" | "option"> {
  readonly dialect: CliDialect;
}

/** Options of every command that reads a configuration. */
export interface ConfigurationOptions extends GivenConfiguration {
  /** Epoch ms; `null`: the real time. */
  readonly nowMs: number | null;
}

/** Arguments that a command accepts in addition to the options in its help. */
export interface TakenArguments {
  /** Default: true. */
  readonly allowsPositionals?: boolean;
  /** Further options, which depend on the dialect. Default: none. */
  readonly optionsFor?: (dialect: CliDialect) => Promise<readonly CommandOption[]>;
}

/**
 * Reads the options that all commands share. The dialect is loaded first, because it has options too.
 *
 * @throws UsageError if an option is missing, invalid, or unknown to both the command and the dialect; FileError if
 *   the dialect must be detected and the file cannot be read.
 */
export async function readConfigurationOptions(
  { args, configName = "--config", dialects, io }: CommandLine,
  command: CommandHelp,
  { allowsPositionals = true, optionsFor = async () => [] }: TakenArguments = {},
): Promise<ConfigurationOptions & Arguments> {
  const types = typesOf(command.options);
  const found = findOptions(args, types);
  const positionals = findPositionals(args, types);
  /** Positional arguments that may be meant as the configuration. Those of some commands are events. */
  const candidates = command.usage.startsWith("EVENTS") ? [] : positionals;
  const path = found.get("config");
  let file: Promise<PayloadFile> | null = null;
  const config = (): Promise<PayloadFile> => {
    file ??= readPayloadFile(configName, configPathOf(path, found, candidates), io.stdin);
    return file;
  };
  const given = found.get("dialect");
  const dialect = await loadDialect(
    given ??
      (await defaultDialect(config, io, dialects, swappedFiles(command, found, positionals))),
    dialects,
  );
  if (path === undefined) rejectNearConfig(found);
  const own = dialect.options.filter(({ commands }) =>
    commands.some((name) => name === command.dialectOptionsOf),
  );
  const ownTypes = typesOf(own);
  const further = typesOf(await optionsFor(dialect));
  const known = { ...further, ...ownTypes, ...types };
  await rejectOtherDialects(args, known, command, dialect, dialects);
  const read = readArguments(args, known, allowsPositionals);
  const ownOptions = new Map([...read.given].filter(([name]) => Object.hasOwn(ownTypes, name)));
  return {
    ...read,
    dialect,
    configPath: configPathOf(read.given.get("config"), found, candidates),
    config:
      given === undefined ? config : () => config().then((it) => ofDialect(it, given, dialects)),
    nowMs: timeOf(read.given.get("now")),
    option: (option) => ownOptions.get(option),
  };
}

/**
 * Detects the dialect from the file and reports it on stderr. A table with one dialect needs no detection.
 *
 * @param swapped - the error to report instead if the file is not a configuration.
 */
async function defaultDialect(
  config: () => Promise<PayloadFile>,
  io: Io,
  dialects: DialectTable,
  swapped: UsageError | null,
): Promise<string | undefined> {
  const [only, ...others] = Object.keys(dialects);
  if (others.length === 0) return only;
  const file = await config();
  const root = parsed(file, swapped);
  const problem = swapped === null ? notFlags(root) : null;
  if (problem !== null) throw new UsageError(`${file.name} ${problem}`);
  const name = recognizeDialect(root);
  if (name === null || !Object.hasOwn(dialects, name)) {
    if (swapped !== null) throw swapped;
    const supported = Object.keys(dialects).join(", ");
    throw new UsageError(
      `--dialect is missing, and the format of ${file.name} is not recognised; supported: ${supported}`,
    );
  }
  createMessages(io).plain(`dialect: ${name} (detected from ${file.name})`);
  return name;
}

function parsed(file: PayloadFile, swapped: UsageError | null): unknown {
  try {
    return parseJson(file.bytes);
  } catch (error) {
    throw swapped ?? payloadFault(file, error);
  }
}

/** Returns `null` for a syntax error, which the dialect reports. */
function parsedOrNull({ bytes }: PayloadFile): unknown {
  try {
    return parseJson(bytes);
  } catch {
    return null;
  }
}

/** Returns the error for rows that are given as the configuration and vice versa; `null` if their names do not show it. */
function swappedFiles(
  { name, usage }: CommandHelp,
  found: ReadonlyMap<string, string | undefined>,
  positionals: readonly string[],
): UsageError | null {
  const [path, requests] = [found.get("config"), found.get("requests")];
  if (path === undefined || !/\.(ndjson|jsonl|csv|tsv)(\.gz)?$/i.test(path)) return null;
  const isOfEvents = usage.startsWith("EVENTS");
  const candidates = isOfEvents ? positionals : [requests ?? ""];
  const flags = candidates.find((it) => /\.json(\.gz)?$/i.test(it));
  if (flags === undefined) return null;
  const rows = isOfEvents ? path : `--requests ${path}`;
  return new UsageError(
    `--config ${path}: is not a configuration: write ${name} ${rows} --config ${flags}`,
  );
}

/** @throws UsageError for an option that only other dialects have. */
async function rejectOtherDialects(
  args: readonly string[],
  known: OptionTypes,
  { dialectOptionsOf }: CommandHelp,
  { name }: CliDialect,
  dialects: DialectTable,
): Promise<void> {
  const unknown = [...findOptions(args, known).keys()].find((it) => !Object.hasOwn(known, it));
  if (unknown === undefined) return;
  const others = (await loadAllDialects(dialects)).filter(({ options }) =>
    options.some((it) => it.name === unknown && it.commands.some((of) => of === dialectOptionsOf)),
  );
  if (others.length === 0) return;
  const names = others.map((it) => it.name).join(", ");
  throw new UsageError(
    `Unknown option '--${unknown}': it is only for ${names}, and the configuration is for ${name}: leave it out`,
  );
}

/** Larger files are not parsed a second time only to recognise their dialect. */
const MAX_RECOGNIZED_BYTES = 16 * 1_024 * 1_024;

/** @throws UsageError if the file clearly has no flags, or those of another dialect. */
function ofDialect(file: PayloadFile, name: string, dialects: DialectTable): PayloadFile {
  if (file.bytes.length > MAX_RECOGNIZED_BYTES) return file;
  const problem = notFlags(parsedOrNull(file));
  if (problem !== null) throw new UsageError(`${file.name} ${problem}`);
  const other = otherDialect(file, name);
  if (other === null || !Object.hasOwn(dialects, other)) return file;
  throw new UsageError(
    `${file.name} is a configuration for ${other}, not for ${name}. Use --dialect ${other}, or omit --dialect`,
  );
}

function configPathOf(
  path: string | undefined,
  found: ReadonlyMap<string, unknown>,
  positionals: readonly string[],
): string {
  if (path !== undefined) return path;
  rejectNearConfig(found);
  const file = positionals.find((it) => /\.json(\.gz)?$/i.test(it));
  throw new UsageError(
    `--config FILE is missing: ${file === undefined ? "the flags, such as flags.json" : `write --config ${file}`}`,
  );
}

/** @throws UsageError for an option that probably should be `--config`. */
function rejectNearConfig(found: ReadonlyMap<string, unknown>): void {
  if (found.has("c")) throw new UsageError("Unknown option '-c': use --config");
  for (const name of found.keys()) {
    const near = nearText(name, ["config"], (it) => `'--${it}'`);
    if (near !== "") throw new UsageError(`Unknown option '--${name}'${near}`);
  }
}

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const nowMs = parseTimeText(text);
  // Ten digits are this century in seconds, but the first months of 1970 in milliseconds.
  if (nowMs !== null && /^\d{10}$/.test(text)) {
    throw new UsageError(
      `--now: ${text} is in seconds: write ${text}000, which is in milliseconds`,
    );
  }
  if (nowMs !== null) return nowMs;
  const problem = "expected an ISO 8601 time or epoch milliseconds";
  throw new UsageError(`--now: ${problem}, got ${JSON.stringify(text)}`);
}
