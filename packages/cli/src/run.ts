import { EVALUATE_SUMMARY, evaluate } from "./commands/evaluate.js";
import { EXPLAIN_SUMMARY, explain } from "./commands/explain.js";
import { INSPECT_SUMMARY, inspect } from "./commands/inspect.js";
import { REDIS_SUMMARY, redis } from "./commands/redis.js";
import type { DialectTable } from "./dialects/dialect.js";
import { DIALECTS } from "./dialects/table.js";
import { FileError, UsageError } from "./errors.js";
import { EXIT, type Io } from "./io.js";
import { createMessages } from "./messages.js";
import { VERSION } from "./version.js";

/** Options of a run. */
export interface RunOptions {
  /** Dialects by name; those of the published command unless given. */
  readonly dialects?: DialectTable;
}

interface Command {
  readonly summary: string;
  /** Returns the exit code. */
  run(args: readonly string[], io: Io, dialects: DialectTable): Promise<number>;
}

/** A later command is one more line here. */
const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ["evaluate", { summary: EVALUATE_SUMMARY, run: evaluate }],
  ["explain", { summary: EXPLAIN_SUMMARY, run: explain }],
  ["inspect", { summary: INSPECT_SUMMARY, run: inspect }],
  ["redis", { summary: REDIS_SUMMARY, run: redis }],
]);

const HELP = `Usage: sortition COMMAND [OPTIONS]

Commands:
${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(10)}  ${summary}`).join("\n")}

Options:
  -h, --help     this help; after a command, the command's
  --version      the version

Examples:
  sortition evaluate --dialect eppo --config flags.json --requests requests.ndjson
  sortition explain new-checkout --config flags.json --subject user-3
  sortition inspect --config flags.json
`;

/** Runs the command that the arguments name, and returns the exit code. */
export async function run(
  args: readonly string[],
  io: Io,
  { dialects = DIALECTS }: RunOptions = {},
): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h") return print(io, HELP);
  if (name === "--version") return print(io, `${VERSION}\n`);
  const messages = createMessages(io);
  const command = COMMANDS.get(name ?? "");
  if (command === undefined) {
    const known = [...COMMANDS.keys()].join(", ");
    const problem = name === undefined ? "no command is given" : unknown(name);
    messages.error(`${problem}\nCommands: ${known}. See sortition --help`);
    return EXIT.unusable;
  }
  try {
    return await command.run(rest, io, dialects);
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
  return `unknown ${name.startsWith("-") ? "option" : "command"} ${JSON.stringify(name)}`;
}

function print({ stdout }: Io, text: string): number {
  stdout.on("error", () => {}); // the reader may have closed its end
  stdout.write(text);
  return EXIT.ok;
}
