import type { OpenConfiguration } from "../dialects/dialect.js";
import type { ResultFormat } from "../evaluate/format.js";
import { isBlank, type Line, withoutReturn } from "../evaluate/lines.js";
import type { FileRecords } from "../rows/parse-row.js";
import type { RawRecord } from "../rows/record.js";
import { answerLine, type ErrorCode, type LineContext } from "./answer-line.js";
import type { MissingFlags } from "./missing-flags.js";

/** Longer strings would be slower, because V8 allocates them on separate pages. */
const TEXT_LENGTH = 65_536;

/** Results of one chunk. */
export interface EvaluatePart {
  /** The lines of the results, in strings of about {@link TEXT_LENGTH} characters. */
  readonly texts: readonly string[];
  readonly lines: number;
  readonly errors: ReadonlyMap<ErrorCode, number>;
}

/** How to evaluate requests. */
export interface Evaluating {
  readonly configuration: OpenConfiguration;
  /** The time of evaluation for all lines, in epoch ms; `null` for the current time. */
  readonly nowMs: number | null;
  readonly maxLineBytes: number;
  readonly format: ResultFormat;
  readonly missing: MissingFlags;
}

/** Evaluates the requests of one chunk. */
export function evaluated(
  { records }: FileRecords,
  { configuration, format, maxLineBytes, missing, nowMs: runNowMs }: Evaluating,
): EvaluatePart {
  const errors = new Map<ErrorCode, number>();
  const texts: string[] = [];
  let text = "";
  let lines = 0;
  const onRequest: LineContext["onRequest"] = (request) => missing.note(request);
  for (const [lineNumber, line] of linesOf(records, maxLineBytes)) {
    if (line !== "too-long" && isBlank(line)) continue;
    // Spreading a shared context would take a fifth of the time of each line.
    const context = { lineNumber, runNowMs, configuration, onRequest, maxLineBytes, format };
    const { error, text: result } = answerLine(line, context);
    if (error !== null) errors.set(error, (errors.get(error) ?? 0) + 1);
    text += `${result}\n`;
    lines += 1;
    if (text.length < TEXT_LENGTH) continue;
    texts.push(text);
    text = "";
  }
  if (text !== "") texts.push(text);
  return { texts, lines, errors };
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
