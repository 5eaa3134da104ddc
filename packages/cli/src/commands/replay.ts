import { runAnalysis } from "../analysis/run.js";
import { exposuresOf } from "../events/event-options.js";
import { replayAnalysis } from "../replay/analysis.js";
import { REPLAY } from "../replay/help.js";
import { parseReplayOptions } from "../replay/options.js";
import { type Command, command } from "./command.js";

/** `sortition replay`: checks each logged exposure against the configuration. */
export const replay: Command = command(REPLAY, parseReplayOptions, async (options, io) => {
  const input = exposuresOf(options, "no exposure");
  return await runAnalysis("replay", { ...options, input }, io, (reading) =>
    replayAnalysis(options, reading),
  );
});
