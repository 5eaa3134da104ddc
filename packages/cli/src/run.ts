import type { Command } from "./commands/command.js";
import { evaluate } from "./commands/evaluate.js";
import { explain } from "./commands/explain.js";
import { COMMAND_HELP, OTHER_FORMS } from "./commands/help-table.js";
import { inspect } from "./commands/inspect.js";
import { redis } from "./commands/redis.js";
import type { DialectTable } from "./dialects/dialect.js";
import { DIALECTS } from "./dialects/table.js";
import { FileError, UsageError } from "./errors.js";
import { writeResult } from "./evaluate/result-writer.js";
import { EXIT, type Io } from "./io.js";
import { createMessages, type Messages } from "./messages.js";
import { nearText } from "./near.js";
import { VERSION } from "./version.js";

export interface RunOptions {
  /** Dialects by name. Default: the dialects of the published command. */
  readonly dialects?: DialectTable;
}

/** Commands by the first word of their names. Larger ones are loaded on demand, so that `evaluate` starts fast. */
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["evaluate", evaluate],
  ["explain", explain],
  ["inspect", inspect],
  ["diff", async (...given) => await (await import("./commands/diff.js")).diff(...given)],
  ["replay", async (...given) => await (await import("./commands/replay.js")).replay(...given)],
  ["srm", async (...given) => await (await import("./commands/srm.js")).srm(...given)],
  [
    "function",
    async (...given) => await (await import("./commands/function.js")).functionCommand(...given),
  ],
  ["types", async (...given) => await (await import("./commands/types.js")).types(...given)],
  ["stale", async (...given) => await (await import("./commands/stale.js")).stale(...given)],
  [
    "override",
    async (...given) => await (await import("./commands/override.js")).override(...given),
  ],
  ["redis", redis],
]);

const VERSION_FORMS: readonly string[] = ["version", "--version", "-v", "-V"];
const HELP_FORMS: readonly string[] = ["help", "--help", "-h"];

const HELP = `Usage: sortition COMMAND [OPTIONS]

Commands:
${[...COMMAND_HELP.map(({ name, summary }) => [name, summary] as const), ...OTHER_FORMS]
  .map(([name, summary]) => `  ${name.padEnd(14)}  ${summary}`)
  .join("\n")}

Examples:
  sortition evaluate --dialect eppo --config flags.json --requests requests.ndjson
  sortition explain new-checkout --config flags.json --subject user-3
  sortition inspect --config flags.json
`;

/**
 * Runs the command that the arguments name.
 *
 * @returns the exit code.
 */
export async function run(
  args: readonly string[],
  io: Io,
  { dialects = DIALECTS }: RunOptions = {},
): Promise<number> {
  const [first, ...rest] = args;
  const messages = createMessages(io);
  if (first !== undefined && VERSION_FORMS.includes(first))
    return print(`${VERSION}\n`, io, messages);
  const isHelp = first !== undefined && HELP_FORMS.includes(first);
  const [topic] = rest;
  if (isHelp && (topic === undefined || first !== "help")) return print(HELP, io, messages);
  const name = isHelp ? topic : first;
  const command = COMMANDS.get(name ?? "");
  if (name === undefined || command === undefined) {
    const known = [...COMMANDS.keys()].join(", ");
    const problem = name === undefined ? "the command is missing" : unknown(name);
    messages.error(`${problem}\nCommands: ${known}. See sortition --help`);
    return EXIT.unusable;
  }
  try {
    return await command(isHelp ? ["--help"] : rest, io, dialects);
  } catch (error) {
    if (error instanceof UsageError) {
      messages.error(`${error.message}\nSee sortition ${name} --help`);
      return EXIT.unusable;
    }
    if (error instanceof FileError) {
      messages.error(error.message);
      return EXIT.unusable;
    }
    throw error;
  }
}

function unknown(name: string): string {
  if (!name.startsWith("-")) {
    const advice = nearText(name, [...COMMANDS.keys(), "help", "version"]);
    return `unknown command ${JSON.stringify(name)}${advice}`;
  }
  const near = nearText(name, ["--help", "--version"], (it) => it);
  const advice = near || `: write the command first, such as sortition inspect ${name}`;
  return `unknown option ${JSON.stringify(name)}${advice}`;
}

async function print(text: string, { stdout }: Io, messages: Messages): Promise<number> {
  try {
    await writeResult(stdout, text);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    messages.error(error.message);
    return EXIT.unusable;
  }
}
