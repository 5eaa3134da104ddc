import { readArguments } from "../arguments.js";
import { COMPLETION } from "../completion/help.js";
import { completionScript, isShell, SHELLS } from "../completion/script.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { UsageError } from "../errors.js";
import { writeResult } from "../evaluate/result-writer.js";
import { typesOf } from "../help/command-help.js";
import { renderHelp } from "../help/render-help.js";
import { EXIT } from "../io.js";
import { nearText } from "../near.js";
import type { Command } from "./command.js";
import { COMMAND_HELP } from "./help-table.js";

/** `sortition completion`: a script for a shell. */
export const completion: Command = async (args, io, dialects) => {
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
};
