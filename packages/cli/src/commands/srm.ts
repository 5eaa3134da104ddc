import { exposuresOf } from "../analysis/exposures-input.js";
import { type Reading, runAnalysis } from "../analysis/run.js";
import { srmAnalysis } from "../srm/analysis.js";
import { SRM } from "../srm/help.js";
import { parseSrmOptions } from "../srm/options.js";
import { type Command, command } from "./command.js";

/** `sortition srm`: tests whether the subjects of each experiment were split as configured. */
export const srm: Command = command(SRM, parseSrmOptions, async (options, io) => {
  const input = exposuresOf(options, "no exposure with a variation");
  const open = (reading: Reading) => srmAnalysis(options, reading);
  return await runAnalysis({ command: "srm", options, input, open }, io);
});
