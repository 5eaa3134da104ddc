import type { OptionTypes } from "../arguments.js";
import type { CommandName } from "../dialects/dialect.js";

/** One option of a command, for the help and the parser of arguments. */
export interface CommandOption {
  /** Without dashes. */
  readonly name: string;
  /** A letter. */
  readonly short?: string;
  /** Name of the value in help, e.g. `FILE`; absent: it takes none. */
  readonly value?: string;
  /** Lines of help. `{dialects}` stands for the names of all dialects. */
  readonly help: readonly string[];
}

/** A command, as the help and its page describe it. */
export interface CommandHelp {
  /** E.g. `redis status`. */
  readonly name: string;
  /** One line, in the list of commands. */
  readonly summary: string;
  /** Arguments after the name. */
  readonly usage: string;
  /** What it does, in lines. */
  readonly about: readonly string[];
  readonly options: readonly CommandOption[];
  /** Whose dialects' options it takes; absent: none. */
  readonly dialectOptionsOf?: CommandName;
  /** Lines after the options. */
  readonly notes?: readonly string[];
  readonly exitCodes: Readonly<Record<number, string>>;
  /** Lines of a shell. */
  readonly example: readonly string[];
}

export const HELP_OPTION: CommandOption = { name: "help", short: "h", help: ["this help"] };

/** Options of every command that reads a configuration. */
export const CONFIG_OPTION: CommandOption = {
  name: "config",
  value: "FILE|-",
  help: ["the vendor's payload, unchanged; -: stdin"],
};
export const DIALECT_OPTION: CommandOption = {
  name: "dialect",
  value: "NAME",
  help: [
    "the vendor's format and semantics: {dialects}",
    "(default: detected from the file, and printed to stderr)",
  ],
};
export const NOW_OPTION: CommandOption = {
  name: "now",
  value: "TIME",
  help: ["the clock: ISO 8601 or epoch milliseconds (default: the real time)"],
};
export const JSON_OPTION: CommandOption = { name: "json", help: ["print one JSON object instead"] };

/** The options as `node:util` parses them. */
export function typesOf(options: readonly CommandOption[]): OptionTypes {
  return Object.fromEntries(
    options.map(({ name, short, value }) => [
      name,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
}

/** An option as it is typed: `-h, --help`, `--config FILE`. */
export function optionLabel({ name, short, value }: CommandOption): string {
  const dashed = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return value === undefined ? dashed : `${dashed} ${value}`;
}
