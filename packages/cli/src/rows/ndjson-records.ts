import { isUtf8 } from "node:buffer";
import { LineSplitter } from "../evaluate/lines.js";
import { badRecord, type RawRecord, type RowFormat } from "./record.js";
import type { RecordReader } from "./record-reader.js";

const LINE_FEED = 0x0a;
/** Maximum size of lines that are decoded together. V8 allocates strings above 128 KiB separately, which is slower. */
const STRING_BYTES = 16_384;

/**
 * Splits NDJSON into records. The complete lines of a chunk form one record, because a record for each line would take
 * more time.
 */
export class NdjsonRecords implements RecordReader {
  readonly format: RowFormat = { kind: "ndjson" };
  /** Contains the line that started in an earlier chunk. */
  readonly #cut: LineSplitter;
  #isCut = false;
  #line = 1;

  /** @param maxBytes - the maximum length of a line that spans chunks. A line within one chunk may be longer. */
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
    if (this.#isCut) this.#cut.push(rest).next(); // contains no line feed
  }

  *end(): Generator<RawRecord, void> {
    const last = this.#cut.end();
    if (last !== null) yield this.#single(last);
  }

  #single(bytes: Buffer | "too-long"): RawRecord {
    const line = this.#line;
    this.#line += 1;
    return bytes === "too-long"
      ? badRecord(line, "the line is too long")
      : { line, bytes, rows: 1, problem: null };
  }

  #several(bytes: Buffer): RawRecord {
    const line = this.#line;
    let rows = 1;
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) {
      rows += 1;
    }
    this.#line += rows;
    return { line, bytes, rows, problem: null };
  }
}

/**
 * Yields the lines of an NDJSON record, several in one string with line feeds between them; `null` for a line that is
 * not UTF-8.
 */
export function* linesOf(bytes: Buffer): Generator<string | null, void> {
  for (const piece of pieces(bytes, STRING_BYTES)) {
    if (isUtf8(piece)) yield piece.toString("utf8");
    else for (const line of pieces(piece, 0)) yield isUtf8(line) ? line.toString("utf8") : null;
  }
}

/** Yields complete lines with a limited total size, or a single longer line. */
function* pieces(bytes: Buffer, maxBytes: number): Generator<Buffer, void> {
  for (let start = 0, end = 0; end !== -1; start = end + 1) {
    const isLast = bytes.length - start <= maxBytes;
    end = isLast ? -1 : bytes.subarray(0, start + maxBytes + 1).lastIndexOf(LINE_FEED);
    if (!isLast && end < start) end = bytes.indexOf(LINE_FEED, start);
    yield bytes.subarray(start, end === -1 ? bytes.length : end);
  }
}
