import type { OptionTypes } from "../arguments.js";
import type { CommandName } from "../dialects/dialect.js";

/** One option of a command, for the help and the parser of arguments. */
export interface CommandOption {
  /** Name without the leading `--`. */
  readonly name: string;
  /** A single letter, used with one dash. */
  readonly short?: string;
  /** Name of the value in help, e.g. `FILE`; absent if the option takes no value. */
  readonly value?: string;
  /** Lines of help. `{dialects}` is replaced by the names of all dialects. */
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
  /** The command whose dialect options it accepts; absent if it accepts none. */
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

/** An option as shown in help: `-h, --help`, `--config FILE`. */
export function optionLabel({ name, short, value }: CommandOption): string {
  const dashed = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return value === undefined ? dashed : `${dashed} ${value}`;
}
