import type { DialectTable } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { writeResult } from "../evaluate/result-writer.js";
import { explainCase } from "../explain/case.js";
import { EXPLAIN } from "../explain/help.js";
import { parseExplainOptions } from "../explain/options.js";
import { renderCase } from "../explain/render.js";
import { reportOf } from "../explain/report.js";
import { renderHelp } from "../help/render-help.js";
import { EXIT, type Io } from "../io.js";
import { createPaint } from "../text/paint.js";

/**
 * `sortition explain`: one answer, and how it was found.
 *
 * @returns the exit code.
 * @throws UsageError, FileError
 */
export async function explain(
  args: readonly string[],
  io: Io,
  dialects: DialectTable,
): Promise<number> {
  const options = await parseExplainOptions(args, io, dialects);
  if (options === "help") {
    await writeResult(io.stdout, renderHelp(EXPLAIN, await loadAllDialects(dialects)));
    return EXIT.ok;
  }
  const explained = await explainCase(options);
  await writeResult(
    io.stdout,
    options.isJson
      ? `${JSON.stringify(reportOf(explained), null, 2)}\n`
      : renderCase(explained, createPaint(io.stdout, io.env)),
  );
  const { answer, explanation } = explained;
  return answer.kind === "throws" || explanation.error !== null ? EXIT.problems : EXIT.ok;
}
