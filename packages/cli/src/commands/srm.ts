import { runAnalysis } from "../analysis/run.js";
import { exposuresOf } from "../events/event-options.js";
import { srmAnalysis } from "../srm/analysis.js";
import { SRM } from "../srm/help.js";
import { parseSrmOptions } from "../srm/options.js";
import { type Command, command } from "./command.js";

/** `sortition srm`: tests whether the subjects of each experiment were split as configured. */
export const srm: Command = command(SRM, parseSrmOptions, async (options, io) => {
  const input = exposuresOf(options, "no exposure with a variation");
  return await runAnalysis("srm", { ...options, input }, io, (reading) =>
    srmAnalysis(options, reading),
  );
});
