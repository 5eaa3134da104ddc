import { exposuresOf } from "../analysis/exposures-input.js";
import { type Reading, runAnalysis } from "../analysis/run.js";
import { replayAnalysis } from "../replay/analysis.js";
import { REPLAY } from "../replay/help.js";
import { parseReplayOptions } from "../replay/options.js";
import { type Command, command } from "./command.js";

/** `sortition replay`: checks each logged exposure against the configuration. */
export const replay: Command = command(REPLAY, parseReplayOptions, async (options, io) => {
  const input = exposuresOf(options, "no exposure");
  const open = (reading: Reading) => replayAnalysis(options, reading);
  return await runAnalysis({ command: "replay", options, input, open }, io);
});
