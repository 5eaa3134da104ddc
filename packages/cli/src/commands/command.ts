import { findOptions } from "../arguments.js";
import type { CommandLine } from "../configuration-options.js";
import type { DialectTable } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { writeResult } from "../evaluate/result-writer.js";
import { type CommandHelp, typesOf } from "../help/command-help.js";
import { renderHelp } from "../help/render-help.js";
import { EXIT, type Io } from "../io.js";

/**
 * A command, given the arguments after its name. Resolves to the exit code.
 *
 * @throws UsageError, FileError
 */
export type Command = (args: readonly string[], io: Io, dialects: DialectTable) => Promise<number>;

/**
 * Creates a command. With `--help`, it only prints its help. List a new command in `COMMANDS` of `run.ts` and in
 * `COMMAND_HELP` of `help-table.ts`.
 */
export function command<Options extends object>(
  help: CommandHelp,
  parse: (line: CommandLine) => Promise<Options>,
  work: (options: Options, io: Io) => Promise<number>,
): Command {
  return async (args, io, dialects) => {
    const isHelp = findOptions(args, typesOf(help.options)).has("help");
    if (!isHelp) return await work(await parse({ args, io, dialects }), io);
    await writeResult(io.stdout, renderHelp(help, await loadAllDialects(dialects)));
    return EXIT.ok;
  };
}
