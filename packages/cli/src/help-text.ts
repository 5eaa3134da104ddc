import type { CliDialect, CommandName } from "./dialects/dialect.js";

const COLUMN = 22;

/** One option in help, its lines aligned. */
export function optionHelp(name: string, lines: readonly string[]): string {
  return lines.map((line, i) => `  ${(i === 0 ? name : "").padEnd(COLUMN)}${line}`).join("\n");
}

/** The options of each dialect that a command takes, under the dialect's name. */
export function dialectHelp(command: CommandName, dialects: readonly CliDialect[]): string {
  return dialects
    .map(({ help, name, options }) =>
      [
        `Dialect ${name}:`,
        ...options
          .filter(({ commands }) => commands.includes(command))
          .map((it) => optionHelp(`--${it.name} ${it.value}`, it.help)),
        ...(command === "evaluate" ? help.map((line) => `  ${line}`) : []),
      ].join("\n"),
    )
    .join("\n\n");
}
