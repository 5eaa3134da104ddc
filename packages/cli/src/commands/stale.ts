import { writeResult } from "../evaluate/result-writer.js";
import { EXIT } from "../io.js";
import { createMessages } from "../messages.js";
import { STALE } from "../stale/help.js";
import { parseStaleOptions } from "../stale/options.js";
import { renderStale, staleLines } from "../stale/render.js";
import { searchStale } from "../stale/search.js";
import { type Command, command } from "./command.js";

/** `sortition stale`: finds flags to clean up, and where the code uses them. */
export const stale: Command = command(STALE, parseStaleOptions, async (options, io) => {
  const report = await searchStale(options);
  const messages = createMessages(io);
  for (const [entry, line] of report.unusedAllowed) {
    messages.warning(`--allow ${options.allowPath}: line ${line} no longer applies: ${entry}`);
  }
  await writeResult(io.stdout, options.isJson ? staleLines(report) : renderStale(report));
  return report.findings.some(({ kind }) => options.failOn.has(kind)) ? EXIT.problems : EXIT.ok;
});
