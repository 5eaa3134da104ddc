import type { OpenConfiguration } from "../dialects/dialect.js";
import type { ResultFormat } from "../evaluate/format.js";
import { isBlank, type Line, withoutReturn } from "../evaluate/lines.js";
import type { BadLines } from "../rows/bad-lines.js";
import type { FileRecords } from "../rows/parse-row.js";
import type { RawRecord } from "../rows/record.js";
import { answerLine, type LineContext } from "./answer-line.js";
import type { MissingFlags } from "./missing-flags.js";

/** Longer strings would be slower, because V8 allocates them on separate pages. */
const TEXT_LENGTH = 65_536;

/** How to evaluate requests. */
export interface Evaluating {
  readonly configuration: OpenConfiguration;
  /** The time of evaluation for all lines, in epoch ms; `null` for the current time. */
  readonly nowMs: number | null;
  readonly maxLineBytes: number;
  readonly format: ResultFormat;
  readonly missing: MissingFlags;
  /** Counts the lines, and those that failed. */
  readonly bad: BadLines;
}

/**
 * Evaluates the requests of one chunk.
 *
 * @returns the lines of the results, in strings of about {@link TEXT_LENGTH} characters.
 */
export function evaluated(
  { records }: FileRecords,
  { bad, configuration, format, maxLineBytes, missing, nowMs: runNowMs }: Evaluating,
): readonly string[] {
  const texts: string[] = [];
  let text = "";
  const onRequest: LineContext["onRequest"] = (request) => missing.note(request);
  for (const [lineNumber, line] of linesOf(records, maxLineBytes)) {
    if (line !== "too-long" && isBlank(line)) continue;
    // Spreading a shared context would take a fifth of the time of each line.
    const context = { lineNumber, runNowMs, configuration, onRequest, maxLineBytes, format };
    const { error, text: result } = answerLine(line, context);
    bad.countRow();
    if (error !== null) bad.countProblem(error);
    text += `${result}\n`;
    if (text.length < TEXT_LENGTH) continue;
    texts.push(text);
    text = "";
  }
  return text === "" ? texts : [...texts, text];
}

const LINE_FEED = 0x0a;

/** Yields the lines of NDJSON records, with their numbers. */
function* linesOf(
  records: Iterable<RawRecord>,
  maxBytes: number,
): Generator<readonly [lineNumber: number, line: Line], void> {
  for (const { bytes, line: first } of records) {
    let lineNumber = first;
    if (bytes === null) {
      yield [lineNumber, "too-long"];
      continue;
    }
    for (let start = 0, end = 0; end !== -1; start = end + 1) {
      end = bytes.indexOf(LINE_FEED, start);
      const line = withoutReturn(bytes.subarray(start, end === -1 ? bytes.length : end));
      yield [lineNumber, line.length > maxBytes ? "too-long" : line];
      lineNumber += 1;
    }
  }
}
