import type { DialectTable } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { writeResult } from "../evaluate/result-writer.js";
import { renderHelp } from "../help/render-help.js";
import { INSPECT } from "../inspect/help.js";
import { inspectConfiguration } from "../inspect/inspection.js";
import { parseInspectOptions } from "../inspect/options.js";
import { renderInspection } from "../inspect/render.js";
import { inspectionReport } from "../inspect/report.js";
import { EXIT, type Io } from "../io.js";
import { createPaint } from "../text/paint.js";

/**
 * `sortition inspect`: flags, types, allocations, traffic and issues of a configuration.
 *
 * @returns the exit code.
 * @throws UsageError, FileError
 */
export async function inspect(
  args: readonly string[],
  io: Io,
  dialects: DialectTable,
): Promise<number> {
  const options = await parseInspectOptions(args, io, dialects);
  if (options === "help") {
    await writeResult(io.stdout, renderHelp(INSPECT, await loadAllDialects(dialects)));
    return EXIT.ok;
  }
  const inspection = await inspectConfiguration(options);
  await writeResult(
    io.stdout,
    options.isJson
      ? `${JSON.stringify(inspectionReport(inspection), null, 2)}\n`
      : renderInspection(inspection, createPaint(io.stdout, io.env)),
  );
  return inspection.issues.length === 0 ? EXIT.ok : EXIT.problems;
}
