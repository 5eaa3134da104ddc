import { CsvSplitter } from "./csv-records.js";
import { NdjsonRecords } from "./ndjson-records.js";
import { cellsOf } from "./parse-row.js";
import { badRecord, type RawRecord, type RowFormat } from "./record.js";
import { type Separator, separatorIn } from "./separator.js";

/** Cuts the bytes of a file into records, in pieces. */
export interface RecordReader {
  /** `null`: the header is not read yet, and there is no record before it. */
  readonly format: RowFormat | null;
  /** Takes the next bytes and returns the records that they complete. */
  push(chunk: Buffer): Iterable<RawRecord>;
  end(): Iterable<RawRecord>;
}

const BRACE = 0x7b;
const LINE_FEED = 0x0a;
const MAX_HEADER_BYTES = 1_048_576;

/**
 * The format of a file: NDJSON if its first byte is a brace, else CSV with a header. `null`: it shows none yet, or is blank.
 */
export function formatIn(start: Buffer): "NDJSON" | "CSV" | null {
  const first = start.find(isContent);
  if (first === undefined) return null;
  return first === BRACE ? "NDJSON" : "CSV";
}

/** @param separator - `null`: the one that the header shows. */
export function recordReaderFor(start: Buffer, separator: Separator | null): RecordReader {
  if (formatIn(start) === "NDJSON") return new NdjsonRecords();
  const header = start.subarray(Math.max(0, start.findIndex(isContent)));
  return new CsvRecords(separator ?? separatorIn(header));
}

/** Whether the first bytes of a file are enough for {@link recordReaderFor}: of CSV a line is needed. */
export function showsFormat(start: Buffer): boolean {
  const at = start.findIndex(isContent);
  if (at === -1) return false;
  return start[at] === BRACE || start.length > MAX_HEADER_BYTES || start.includes(LINE_FEED, at);
}

/** No white space, and no part of a byte order mark. */
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
    if (bytes === null) yield badRecord(line, "a quote is not closed");
    else if (bytes.length === 0) return;
    else if (this.#format !== null) yield { line, bytes, rows: 1, problem: null };
    else {
      const cells = cellsOf(bytes, line, this.#separator);
      if (typeof cells === "string") yield badRecord(line, cells);
      // A line that is blank but for a byte order mark is no header.
      else if (cells.join("") !== "") {
        this.#format = { kind: "csv", header: cells, separator: this.#separator };
        const again = cells.find((name, i) => name !== "" && cells.indexOf(name) !== i);
        if (again !== undefined) {
          yield badRecord(
            line,
            `the header has ${JSON.stringify(again)} twice; the last one counts`,
          );
        }
      }
    }
  }
}
