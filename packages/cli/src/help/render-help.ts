import type { CliDialect } from "../dialects/dialect.js";
import { type CommandHelp, optionLabel } from "./command-help.js";

const COLUMN = 22;

/** What `sortition COMMAND --help` prints. */
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
    ...Object.entries(exitCodes).map(([code, meaning]) => `  ${code}   ${meaning}`),
    "",
    "Example:",
    ...example.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** Lines with the names of all dialects for `{dialects}`. */
export function withNames(lines: readonly string[], names: string): readonly string[] {
  return lines.map((line) => line.replace("{dialects}", names));
}

/** The options of each dialect that a command takes, under the dialect's name. */
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

/** One option in help, its lines aligned. */
function entry(label: string, lines: readonly string[]): string {
  const [first = "", ...rest] = label.length < COLUMN ? lines : ["", ...lines];
  const head = `  ${label.padEnd(COLUMN)}${first}`.trimEnd();
  return [head, ...rest.map((line) => `  ${" ".repeat(COLUMN)}${line}`)].join("\n");
}
