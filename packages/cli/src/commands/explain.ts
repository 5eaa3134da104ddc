import { writeResult } from "../evaluate/result-writer.js";
import { explainCase } from "../explain/case.js";
import { EXPLAIN } from "../explain/help.js";
import { parseExplainOptions } from "../explain/options.js";
import { renderCase } from "../explain/render.js";
import { reportOf } from "../explain/report.js";
import { EXIT } from "../io.js";
import { createPaint } from "../text/paint.js";
import { type Command, command } from "./command.js";

/** `sortition explain`: evaluates one request and shows how its result was found. */
export const explain: Command = command(EXPLAIN, parseExplainOptions, async (options, io) => {
  const explained = await explainCase(options);
  const text = options.isJson
    ? `${JSON.stringify(reportOf(explained), null, 2)}\n`
    : renderCase(explained, createPaint(io.stdout, io.env));
  await writeResult(io.stdout, text);
  const { answer, explanation } = explained;
  return answer.kind === "throws" || explanation.error !== null ? EXIT.problems : EXIT.ok;
});
