import { LineSplitter } from "../evaluate/lines.js";
import { badRecord, type RawRecord, type RowFormat } from "./record.js";
import type { RecordReader } from "./record-reader.js";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts NDJSON into records. The lines that are whole in one piece of the input stay together in one record, so that they cost
 * nothing before the thread that reads them cuts them.
 */
export class NdjsonRecords implements RecordReader {
  readonly format: RowFormat = { kind: "ndjson" };
  /** Has the line whose beginning was in an earlier piece. */
  readonly #cut: LineSplitter;
  #isCut = false;
  #line = 1;

  /** @param maxBytes - the longest line; in one piece it may be longer. */
  constructor(maxBytes?: number) {
    this.#cut = new LineSplitter(maxBytes);
  }

  *push(chunk: Buffer): Generator<RawRecord, void> {
    let start = 0;
    if (this.#isCut) {
      const end = chunk.indexOf(LINE_FEED);
      start = end === -1 ? chunk.length : end + 1;
      for (const line of this.#cut.push(chunk.subarray(0, start))) yield this.#single(line);
      if (end === -1) return;
    }
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end >= start) yield this.#several(chunk.subarray(start, end));
    const rest = chunk.subarray(Math.max(start, end + 1));
    this.#isCut = rest.length > 0;
    if (this.#isCut) this.#cut.push(rest).next(); // it has no line feed
  }

  *end(): Generator<RawRecord, void> {
    const last = this.#cut.end();
    if (last !== null) yield this.#single(last);
  }

  #single(bytes: Buffer | "too-long"): RawRecord {
    const line = this.#line;
    this.#line += 1;
    return bytes === "too-long"
      ? badRecord(line, "it is too long")
      : { line, bytes, rows: 1, problem: null };
  }

  #several(lines: Buffer): RawRecord {
    const bytes = lines.at(-1) === CARRIAGE_RETURN ? lines.subarray(0, -1) : lines;
    const line = this.#line;
    let rows = 1;
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) {
      rows += 1;
    }
    this.#line += rows;
    return { line, bytes, rows, problem: null };
  }
}

/** Each line of a record of NDJSON. A carriage return at its end belongs to the end. */
export function* linesOf({ bytes, line: first, problem, rows }: RawRecord): Generator<RawRecord> {
  let start = 0;
  for (let line = first; line < first + rows; line++) {
    const end = bytes?.indexOf(LINE_FEED, start) ?? -1;
    const stop = end === -1 ? (bytes?.length ?? 0) : end;
    const last = bytes?.[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
    yield { line, bytes: bytes?.subarray(start, Math.max(start, last)) ?? null, rows: 1, problem };
    start = stop + 1;
  }
}
