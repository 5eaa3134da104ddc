import type { CliDialect } from "../dialects/dialect.js";
import { type CommandHelp, optionLabel } from "./command-help.js";

const COLUMN = 22;

/** Returns the output of `sortition COMMAND --help`. */
export function renderHelp(command: CommandHelp, dialects: readonly CliDialect[]): string {
  const names = dialects.map(({ name }) => name).join("|");
  const { about, example, exitCodes, name, notes = [], options, usage } = command;
  return [
    `Usage: sortition ${name} ${usage.replace("{dialects}", names)}`,
    "",
    ...about,
    "",
    "Options:",
    ...options.map((option) => entry(optionLabel(option), withNames(option.help, names))),
    ...dialectHelp(command, dialects),
    ...(notes.length === 0 ? [] : ["", ...notes]),
    "",
    "Exit codes:",
    ...Object.entries(exitCodes).map(([code, meaning]) => `  ${code.padEnd(3)} ${meaning}`),
    "",
    "Example:",
    ...example.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** Replaces `{dialects}` with the names of all dialects. */
export function withNames(lines: readonly string[], names: string): readonly string[] {
  return lines.map((line) => line.replace("{dialects}", names));
}

/** Returns the dialects' own options that a command accepts, grouped by dialect. */
function dialectHelp(
  { dialectOptionsOf: command }: CommandHelp,
  dialects: readonly CliDialect[],
): readonly string[] {
  if (command === undefined) return [];
  return dialects.flatMap(({ help, name, options }) => {
    const lines = [
      ...options
        .filter(({ commands }) => commands.includes(command))
        .map((it) => entry(`--${it.name} ${it.value}`, it.help)),
      ...(command === "evaluate" ? help.map((line) => `  ${line}`) : []),
    ];
    return lines.length === 0 ? [] : ["", `Dialect ${name}:`, ...lines];
  });
}

/** Formats an option with aligned lines. */
function entry(label: string, lines: readonly string[]): string {
  const [first = "", ...rest] = label.length < COLUMN ? lines : ["", ...lines];
  const head = `  ${label.padEnd(COLUMN)}${first}`.trimEnd();
  return [head, ...rest.map((line) => `  ${" ".repeat(COLUMN)}${line}`)].join("\n");
}
