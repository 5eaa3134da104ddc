import type { CliDialect, OpenConfiguration } from "../dialects/dialect.js";
import { type FormatOptions, formatOf, type ResultFormat } from "../evaluate/format.js";
import { isBlank, type Line, withoutReturn } from "../evaluate/lines.js";
import { type PayloadFile, payloadOf } from "../evaluate/payload-file.js";
import type { RecordWork } from "../parts/record-work.js";
import type { FileRecords } from "../rows/parse-row.js";
import type { RawRecord } from "../rows/record.js";
import { answerLine, type ErrorCode, type LineContext } from "./answer-line.js";
import { MissingFlags, type MissingPart } from "./missing-flags.js";

/** How to evaluate requests, in a form that can be sent to another thread. */
export interface EvaluatePlan {
  readonly command: "evaluate";
  readonly dialect: string;
  /** The dialect's own options. */
  readonly ownOptions: ReadonlyMap<string, string>;
  readonly configPath: string;
  /** The configuration file; `null` if there is only one thread. */
  readonly file: PayloadFile | null;
  readonly hasEvents: boolean;
  /** The time of evaluation for all lines, in epoch ms; `null` for the current time. */
  readonly nowMs: number | null;
  readonly maxLineBytes: number;
  readonly format: FormatOptions;
}

/** Longer strings would be slower, because V8 allocates them on separate pages. */
const TEXT_LENGTH = 65_536;

/** Results, in a form that is cheap to send to another thread. */
export interface EvaluatePart {
  /** The lines of the results, in strings of about {@link TEXT_LENGTH} characters. */
  readonly texts: readonly string[];
  readonly lines: number;
  readonly errors: ReadonlyMap<ErrorCode, number>;
  readonly missingFlags: MissingPart;
  /** Requested fields that no result of this thread has had so far. */
  readonly missingFields: ReadonlySet<string>;
}

/** Opens the configuration of a plan in another thread. */
export async function openEvaluateWork(
  plan: EvaluatePlan,
  dialect: CliDialect,
): Promise<EvaluateWork> {
  const { configPath, file, hasEvents, ownOptions } = plan;
  const configuration = await dialect.open({
    configPath,
    config: async () => payloadOf(file as PayloadFile), // not null in another thread
    option: (name) => ownOptions.get(name),
    hasEvents,
    warn: () => {},
  });
  return new EvaluateWork(plan, dialect, configuration);
}

/** Evaluates requests. */
export class EvaluateWork implements RecordWork<EvaluatePart> {
  readonly #configuration: OpenConfiguration;
  readonly #plan: EvaluatePlan;
  readonly #format: ResultFormat;
  readonly #missing: MissingFlags;

  constructor(plan: EvaluatePlan, dialect: CliDialect, configuration: OpenConfiguration) {
    this.#plan = plan;
    this.#configuration = configuration;
    this.#format = formatOf(plan.format);
    this.#missing = new MissingFlags(dialect, configuration);
  }

  part({ records }: FileRecords): EvaluatePart {
    const { maxLineBytes, nowMs: runNowMs } = this.#plan;
    const errors = new Map<ErrorCode, number>();
    const texts: string[] = [];
    let text = "";
    let lines = 0;
    const onRequest: LineContext["onRequest"] = (request) => this.#missing.note(request);
    const [configuration, format] = [this.#configuration, this.#format];
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
    const missingFields = new Set(format.missing);
    return { texts, lines, errors, missingFlags: this.#missing.take(), missingFields };
  }
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
