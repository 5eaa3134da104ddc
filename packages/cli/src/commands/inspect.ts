import { writeResult } from "../evaluate/result-writer.js";
import { INSPECT } from "../inspect/help.js";
import { inspectConfiguration } from "../inspect/inspection.js";
import { parseInspectOptions } from "../inspect/options.js";
import { renderInspection } from "../inspect/render.js";
import { inspectionReport } from "../inspect/report.js";
import { EXIT } from "../io.js";
import { createPaint } from "../text/paint.js";
import { type Command, command } from "./command.js";

/** `sortition inspect`: shows the flags, types, allocations, traffic and issues of a configuration. */
export const inspect: Command = command(INSPECT, parseInspectOptions, async (options, io) => {
  const inspection = await inspectConfiguration(options);
  const text = options.isJson
    ? `${JSON.stringify(inspectionReport(inspection), null, 2)}\n`
    : renderInspection(inspection, createPaint(io.stdout, io.env));
  await writeResult(io.stdout, text);
  return inspection.issues.length === 0 ? EXIT.ok : EXIT.problems;
});
