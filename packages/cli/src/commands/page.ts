import { DOCUMENTATION_URL } from "@sortition/core/internal";
import type { CliDialect, DialectOption } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { DIALECTS } from "../dialects/table.js";
import { type CommandHelp, type CommandOption, optionLabel } from "../help/command-help.js";
import { withNames } from "../help/render-help.js";
import { COMMAND_HELP, OTHER_FORMS } from "./help-table.js";

const PAGE_ADDRESS = new RegExp(`${DOCUMENTATION_URL}/(\\S+)`, "g");

/** Returns the text of `docs/cli.md`, generated from the same tables as `--help`. */
export async function cliPage(): Promise<string> {
  const dialects = await loadAllDialects(DIALECTS);
  return [
    "# The command `sortition`",
    "",
    "<!-- Written by `npm run docs:write` from the tables of `sortition --help`. -->",
    "",
    "Evaluates feature flags from a configuration file, with the same results as the vendors' Node SDKs. See [`@sortition/cli`](../packages/cli/README.md) for examples.",
    "",
    "| form | |",
    "|---|---|",
    ...COMMAND_HELP.map(
      ({ name, summary, usage }) =>
        `| [\`sortition ${name}\`](#sortition-${name.replace(" ", "-")}) \`${cell(usageOf(usage, dialects))}\` | ${summary} |`,
    ),
    ...OTHER_FORMS.map(([form, meaning]) => `| \`sortition ${form}\` | ${meaning} |`),
    "",
    "Results are written to stdout, messages and progress to stderr. Without `--dialect`, the dialect is detected from the file and printed to stderr. Output to a terminal is coloured unless `NO_COLOR` is set. `FORCE_COLOR` takes precedence: `FORCE_COLOR=0` disables colours, any other value enables them.",
    "",
    ...COMMAND_HELP.flatMap((command) => section(command, dialects)),
  ].join("\n");
}

function section(command: CommandHelp, dialects: readonly CliDialect[]): readonly string[] {
  const { about, dialectOptionsOf, example, exitCodes, name, notes = [], options } = command;
  const names = dialects.map((dialect) => dialect.name).join(", ");
  const own = dialects.flatMap((dialect) =>
    dialect.options
      .filter(({ commands }) => commands.some((it) => it === dialectOptionsOf))
      .map((option) => dialectRow(dialect.name, option)),
  );
  return [
    `## sortition ${name}`,
    "",
    "```",
    `sortition ${name} ${usageOf(command.usage, dialects)}`,
    "```",
    "",
    prose(about),
    "",
    "| option | |",
    "|---|---|",
    ...options.map((option) => row(option, names)),
    ...own,
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

function requestHelp({ help, name }: CliDialect): readonly string[] {
  return [`Requests and results of dialect ${name}:`, "", "```", ...help, "```", ""];
}

function row(option: CommandOption, names: string): string {
  return `| \`${cell(optionLabel(option))}\` | ${cell(withNames(option.help, names).join(" "))} |`;
}

function dialectRow(dialect: string, { help, name, value }: DialectOption): string {
  return `| \`--${name} ${value}\` | ${dialect}: ${cell(help.join(" "))} |`;
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
