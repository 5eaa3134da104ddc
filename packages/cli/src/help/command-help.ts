import type { OptionTypes } from "../arguments.js";
import type { CommandName } from "../dialects/dialect.js";

/** One option of a command, for the help and the parser of arguments. */
export interface CommandOption {
  /** Name without the leading `--`. */
  readonly name: string;
  /** Single-letter alias, used with one dash. */
  readonly short?: string;
  /** Name of the value in help, e.g. `FILE`; absent if the option takes no value. */
  readonly value?: string;
  /** Whether it may be given several times. Default: false. */
  readonly isRepeated?: boolean;
  /** Lines of help. `{dialects}` is replaced by the names of all dialects. */
  readonly help: readonly string[];
}

/** The description of a command for `--help` and `docs/cli.md`. */
export interface CommandHelp {
  /** Name of the command, e.g. `redis status`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Arguments after the name. */
  readonly usage: string;
  /** Lines that describe what the command does. */
  readonly about: readonly string[];
  readonly options: readonly CommandOption[];
  /** The command whose dialect options it accepts; absent if it accepts none. */
  readonly dialectOptionsOf?: CommandName;
  /** Lines after the options. */
  readonly notes?: readonly string[];
  readonly exitCodes: Readonly<Record<number, string>>;
  /** Shell commands, in lines. */
  readonly example: readonly string[];
}

export const HELP_OPTION: CommandOption = { name: "help", short: "h", help: ["print this help"] };

/** Options of every command that reads a configuration. */
export const CONFIG_OPTION: CommandOption = {
  name: "config",
  value: "FILE|-",
  help: ["the configuration: the vendor's payload, unchanged; - reads stdin"],
};
export const DIALECT_OPTION: CommandOption = {
  name: "dialect",
  value: "NAME",
  help: [
    "the vendor whose format and evaluation rules apply: {dialects}",
    "(default: detected from the file and printed to stderr)",
  ],
};
export const NOW_OPTION: CommandOption = {
  name: "now",
  value: "TIME",
  help: ["the time of evaluation: ISO 8601 or epoch milliseconds (default: the current time)"],
};
export const JSON_OPTION: CommandOption = {
  name: "json",
  help: ["print one JSON object instead of text"],
};

/** The exit code of a command that judges, if nobody reads its results. */
export const READER_GONE: CommandHelp["exitCodes"] = {
  141: "the program that reads the results, such as head, ended before a problem was found",
};

/** Converts the options to the format of `parseArgs` in `node:util`. */
export function typesOf(options: readonly CommandOption[]): OptionTypes {
  return Object.fromEntries(
    options.map(({ isRepeated = false, name, short, value }) => [
      name,
      {
        multiple: isRepeated,
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
