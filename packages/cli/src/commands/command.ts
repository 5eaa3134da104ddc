import type { DialectTable } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { writeResult } from "../evaluate/result-writer.js";
import type { CommandHelp } from "../help/command-help.js";
import { renderHelp } from "../help/render-help.js";
import { EXIT, type Io } from "../io.js";

/**
 * A command, given the arguments after its name. Resolves to the exit code.
 *
 * @throws UsageError, FileError
 */
export type Command = (args: readonly string[], io: Io, dialects: DialectTable) => Promise<number>;

/** Makes a command that reads a configuration: it parses the arguments, and prints help or does its work. */
export function command<Options extends object>(
  help: CommandHelp,
  parse: (args: readonly string[], io: Io, dialects: DialectTable) => Promise<Options | "help">,
  work: (options: Options, io: Io) => Promise<number>,
): Command {
  return async (args, io, dialects) => {
    const options = await parse(args, io, dialects);
    if (options !== "help") return await work(options, io);
    await writeResult(io.stdout, renderHelp(help, await loadAllDialects(dialects)));
    return EXIT.ok;
  };
}
