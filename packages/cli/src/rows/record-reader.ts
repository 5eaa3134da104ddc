import { CsvSplitter } from "./csv-records.js";
import { NdjsonRecords } from "./ndjson-records.js";
import { cellsOf } from "./parse-row.js";
import { badRecord, type RawRecord, type RowFormat } from "./record.js";
import { type Separator, separatorIn } from "./separator.js";

/** Splits the bytes of a file into records. */
export interface RecordReader {
  /** The format; `null` until the header was read. No record precedes the header. */
  readonly format: RowFormat | null;
  /** Adds the next bytes, and returns the records that they complete. */
  push(chunk: Buffer): Iterable<RawRecord>;
  end(): Iterable<RawRecord>;
}

const BRACE = 0x7b;
const LINE_FEED = 0x0a;
const MAX_HEADER_BYTES = 1_048_576;

/**
 * Returns the format of a file: NDJSON if its first character is a brace, otherwise CSV with a header. `null` if the
 * file is blank so far.
 */
export function formatIn(start: Buffer): "NDJSON" | "CSV" | null {
  const first = start.find(isContent);
  if (first === undefined) return null;
  return first === BRACE ? "NDJSON" : "CSV";
}

/** @param separator - the CSV separator; `null` detects it from the header. */
export function recordReaderFor(start: Buffer, separator: Separator | null): RecordReader {
  if (formatIn(start) === "NDJSON") return new NdjsonRecords();
  const header = start.subarray(Math.max(0, start.findIndex(isContent)));
  return new CsvRecords(separator ?? separatorIn(header));
}

/** Whether the first bytes of a file are enough for {@link recordReaderFor}. CSV needs a complete line. */
export function showsFormat(start: Buffer): boolean {
  const at = start.findIndex(isContent);
  if (at === -1) return false;
  return start[at] === BRACE || start.length > MAX_HEADER_BYTES || start.includes(LINE_FEED, at);
}

/** Whether a byte is neither white space nor part of a byte order mark. */
function isContent(byte: number): boolean {
  return byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf;
}

class CsvRecords implements RecordReader {
  readonly #separator: Separator;
  readonly #splitter: CsvSplitter;
  #format: RowFormat | null = null;

  constructor(separator: Separator) {
    this.#separator = separator;
    this.#splitter = new CsvSplitter(separator);
  }

  get format(): RowFormat | null {
    return this.#format;
  }

  *push(chunk: Buffer): Generator<RawRecord, void> {
    for (const { bytes, line } of this.#splitter.push(chunk)) yield* this.#recordsOf(bytes, line);
  }

  *end(): Generator<RawRecord, void> {
    for (const { bytes, line } of this.#splitter.end()) yield* this.#recordsOf(bytes, line);
  }

  *#recordsOf(bytes: Buffer | null, line: number): Generator<RawRecord, void> {
    if (bytes === null) yield badRecord(line, "unclosed quote");
    else if (bytes.length === 0) return;
    else if (this.#format !== null) yield { line, bytes, rows: 1, problem: null };
    else {
      const cells = cellsOf(bytes, line, this.#separator);
      if (typeof cells === "string") yield badRecord(line, cells);
      // A line with nothing but a byte order mark is not a header.
      else if (cells.join("") !== "") {
        this.#format = { kind: "csv", header: cells, separator: this.#separator };
      }
    }
  }
}
