import { runAnalysis } from "../analysis/run.js";
import { diffAnalysis, subjectsOf } from "../diff/analysis.js";
import { DIFF } from "../diff/help.js";
import { parseDiffOptions } from "../diff/options.js";
import { compareDialects } from "./between.js";
import { type Command, command } from "./command.js";

/** `sortition diff`: shows what a new configuration changes, who moves, and why. */
export const diff: Command = command(DIFF, parseDiffOptions, async (options, io) => {
  if (options.newSide.dialect !== options.dialect) return await compareDialects(options, io);
  const input = subjectsOf(options);
  return await runAnalysis("diff OLD NEW --subjects", { ...options, input }, io, (reading) =>
    diffAnalysis(options, reading),
  );
});
