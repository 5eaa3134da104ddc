import { DOCUMENTATION_URL } from "@sortition/core/internal";
import type { CliDialect, DialectOption } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { DIALECTS } from "../dialects/table.js";
import { type CommandHelp, type CommandOption, optionLabel } from "../help/command-help.js";
import { withNames } from "../help/render-help.js";
import { COMMAND_HELP, OTHER_FORMS } from "./help-table.js";

const PAGE_ADDRESS = new RegExp(`${DOCUMENTATION_URL}/(\\S+)`, "g");

/** An option of a command: its name with dashes, and its row in a table. */
interface PageOption {
  readonly name: string;
  readonly row: string;
}

/** A command with its options. */
interface PageCommand {
  readonly command: CommandHelp;
  readonly options: readonly PageOption[];
}

/** Returns the text of `docs/cli.md`, generated from the same tables as `--help`. */
export async function cliPage(): Promise<string> {
  const dialects = await loadAllDialects(DIALECTS);
  const commands = COMMAND_HELP.map((command) => ({
    command,
    options: optionsOf(command, dialects),
  }));
  const shared = sharedRows(commands);
  return [
    "# The command `sortition`",
    "",
    "<!-- Written by `npm run docs:write` from the tables of `sortition --help`. -->",
    "",
    "Evaluates feature flags from a configuration file, with the same results as the vendors' Node SDKs. [Check a change](guides/before-and-after.md) has examples, and [Formats of the command](reference/cli-formats.md) what it reads and writes.",
    "",
    "`@sortition/cli` is a [tool](versions.md#tools), so only a major version changes its names, options, exit codes and JSON. Any version may change its text.",
    "",
    "| form | |",
    "|---|---|",
    ...COMMAND_HELP.map(
      ({ name, summary }) =>
        `| [\`sortition ${name}\`](#sortition-${name.replace(" ", "-")}) | ${summary} |`,
    ),
    ...OTHER_FORMS.map(([form, meaning]) => `| \`sortition ${form}\` | ${meaning} |`),
    "",
    "Results are written to stdout, messages and progress to stderr. Output to a terminal is coloured unless `NO_COLOR` is set. `FORCE_COLOR` takes precedence: `FORCE_COLOR=0` disables colours, any other value enables them.",
    "",
    "## Options of several commands",
    "",
    "| option | |",
    "|---|---|",
    ...shared,
    "",
    ...commands.flatMap((command) => section(command, dialects, shared)),
  ].join("\n");
}

/** Returns the rows that several commands have. */
function sharedRows(commands: readonly PageCommand[]): ReadonlySet<string> {
  const rows = commands.flatMap(({ options }) => options.map(({ row }) => row));
  return new Set(rows.filter((row) => rows.indexOf(row) !== rows.lastIndexOf(row)));
}

function section(
  { command, options }: PageCommand,
  dialects: readonly CliDialect[],
  shared: ReadonlySet<string>,
): readonly string[] {
  const { about, dialectOptionsOf, example, exitCodes, name, notes = [] } = command;
  const own = options.filter(({ row }) => !shared.has(row)).map(({ row }) => row);
  const others = options.filter(({ row }) => shared.has(row)).map((it) => `\`${it.name}\``);
  return [
    `## sortition ${name}`,
    "",
    "```",
    `sortition ${name} ${usageOf(command.usage, dialects)}`,
    "```",
    "",
    prose(about),
    "",
    ...(own.length === 0 ? [] : ["| option | |", "|---|---|", ...own, ""]),
    `[Options of several commands](#options-of-several-commands): ${others.join(", ")}.`,
    "",
    ...(notes.length === 0 ? [] : [prose(notes), ""]),
    ...(dialectOptionsOf === "evaluate" ? dialects.flatMap(requestHelp) : []),
    "| exit code | |",
    "|---|---|",
    ...Object.entries(exitCodes).map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`),
    "",
    "```sh",
    ...example,
    "```",
    "",
  ];
}

/** Returns the options of a command, followed by a row for each option that only some dialects have. */
function optionsOf(
  { dialectOptionsOf, options }: CommandHelp,
  dialects: readonly CliDialect[],
): readonly PageOption[] {
  const names = dialects.map((dialect) => dialect.name).join(", ");
  const own = new Map<string, { option: DialectOption; having: string[] }>();
  for (const dialect of dialects) {
    for (const option of dialect.options) {
      if (!option.commands.some((it) => it === dialectOptionsOf)) continue;
      const key = [option.name, option.value, ...option.help].join(" ");
      const known = own.get(key);
      if (known === undefined) own.set(key, { option, having: [dialect.name] });
      else known.having.push(dialect.name);
    }
  }
  return [
    ...options.map((option) => ({ name: `--${option.name}`, row: row(option, names) })),
    ...[...own.values()].map(({ having, option }) => ({
      name: `--${option.name}`,
      row: dialectRow(having.join(", "), option),
    })),
  ];
}

function requestHelp({ help, name }: CliDialect): readonly string[] {
  return [`Requests and results of dialect ${name}:`, "", "```", ...help, "```", ""];
}

function row(option: CommandOption, names: string): string {
  return `| \`${cell(optionLabel(option))}\` | ${cell(withNames(option.help, names).join(" "))} |`;
}

function dialectRow(dialects: string, { help, name, value }: DialectOption): string {
  return `| \`--${name} ${value}\` | ${dialects}: ${cell(help.join(" "))} |`;
}

function usageOf(usage: string, dialects: readonly CliDialect[]): string {
  return usage.replace("{dialects}", dialects.map(({ name }) => name).join("|"));
}

/** Lines of help as a paragraph. Addresses of pages become links. */
function prose(lines: readonly string[]): string {
  return lines.join(" ").replaceAll(PAGE_ADDRESS, "[$1]($1).");
}

/** Escapes `|`, which would end the cell of the Markdown table. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
