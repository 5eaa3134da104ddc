import { type Reading, runAnalysis } from "../analysis/run.js";
import { diffAnalysis, subjectsOf } from "../diff/analysis.js";
import { DIFF } from "../diff/help.js";
import { parseDiffOptions } from "../diff/options.js";
import { watchDialect, watchVendors } from "../groups/watch.js";
import { twoVendorsAnalysis, vendorMapOf } from "../two-vendors/analysis.js";
import { type Command, command } from "./command.js";

/** `sortition diff`: shows what a new configuration changes, who is affected, and why. */
export const diff: Command = command(DIFF, parseDiffOptions, async (options, io) => {
  const common = { command: "diff", options };
  const isMadeUp = options.subjectsPath === null;
  if (options.newSide.dialect === options.dialect) {
    const watch = watchDialect(options.dialect, isMadeUp);
    const open = (reading: Reading) => diffAnalysis(options, watch, reading);
    return await runAnalysis({ ...common, input: subjectsOf(options), open }, io);
  }
  const map = await vendorMapOf(options);
  const input = subjectsOf({ ...options, map: map.columns });
  const watch = watchVendors(isMadeUp);
  const open = (reading: Reading) => twoVendorsAnalysis(options, map, watch, reading);
  return await runAnalysis({ ...common, input, open }, io);
});
