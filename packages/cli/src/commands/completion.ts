import { readArguments } from "../arguments.js";
import { COMPLETION } from "../completion/help.js";
import { completionScript, isShell, SHELLS } from "../completion/script.js";
import type { DialectTable } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { UsageError } from "../errors.js";
import { writeResult } from "../evaluate/result-writer.js";
import { typesOf } from "../help/command-help.js";
import { renderHelp } from "../help/render-help.js";
import { EXIT, type Io } from "../io.js";
import { nearText } from "../near.js";
import { COMMAND_HELP } from "./help-table.js";

/**
 * `sortition completion`: a script for a shell.
 *
 * @returns the exit code.
 * @throws UsageError, FileError
 */
export async function completion(
  args: readonly string[],
  io: Io,
  dialects: DialectTable,
): Promise<number> {
  const { given, positionals } = readArguments(args, typesOf(COMPLETION.options), true);
  if (given.has("help")) {
    await writeResult(io.stdout, renderHelp(COMPLETION, []));
    return EXIT.ok;
  }
  const [shell, ...others] = positionals;
  const expected = `expected one of ${SHELLS.join(", ")}`;
  if (shell === undefined) throw new UsageError(`the shell is missing: ${expected}`);
  if (!isShell(shell)) {
    throw new UsageError(
      `unknown shell ${JSON.stringify(shell)}${nearText(shell, SHELLS)}: ${expected}`,
    );
  }
  if (others.length > 0) throw new UsageError(`one shell at a time, got ${positionals.join(", ")}`);
  const all = await loadAllDialects(dialects);
  await writeResult(io.stdout, completionScript(shell, COMMAND_HELP, all));
  return EXIT.ok;
}
