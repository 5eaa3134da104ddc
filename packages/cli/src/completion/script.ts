import type { CliDialect } from "../dialects/dialect.js";
import type { CommandHelp, CommandOption } from "../help/command-help.js";
import { bashScript } from "./bash.js";
import type { CompletedCommand, CompletedOption } from "./completed-command.js";
import { fishScript } from "./fish.js";
import { zshScript } from "./zsh.js";

export type Shell = "bash" | "zsh" | "fish";

const SCRIPTS: Readonly<Record<Shell, typeof bashScript>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Shells that the command can be completed in. */
export const SHELLS: readonly string[] = Object.keys(SCRIPTS);

export function isShell(name: string): name is Shell {
  return Object.hasOwn(SCRIPTS, name);
}

/** Writes the completion script of a shell from the tables that `--help` prints. */
export function completionScript(
  shell: Shell,
  commands: readonly CommandHelp[],
  dialects: readonly CliDialect[],
): string {
  const names = dialects.map(({ name }) => name);
  return SCRIPTS[shell](commands.map((command) => completedCommand(command, dialects, names)));
}

function completedCommand(
  { dialectOptionsOf, name, options, summary }: CommandHelp,
  dialects: readonly CliDialect[],
  names: readonly string[],
): CompletedCommand {
  const own = dialects.flatMap((dialect) =>
    dialect.options.filter(({ commands }) => commands.some((it) => it === dialectOptionsOf)),
  );
  const all = new Map([...options, ...own].map((option) => [option.name, option]));
  return {
    words: name.split(" "),
    summary,
    options: [...all.values()].map((option) => completedOption(option, names)),
    arguments: name === "completion" ? SHELLS : [],
  };
}

function completedOption(
  { help, name, short, value }: CommandOption,
  dialects: readonly string[],
): CompletedOption {
  const summary = (help[0] ?? "").replace("{dialects}", dialects.join("|"));
  return { name, short: short ?? null, summary, value: completedValue(name, value, dialects) };
}

function completedValue(
  name: string,
  value: string | undefined,
  dialects: readonly string[],
): CompletedOption["value"] {
  if (value === undefined) return null;
  if (name === "dialect") return dialects;
  return value.startsWith("FILE") ? "file" : "any";
}
