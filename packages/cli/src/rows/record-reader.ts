import { CsvSplitter } from "./csv-records.js";
import { NdjsonRecords } from "./ndjson-records.js";
import { cellsOf } from "./parse-row.js";
import { badRecord, type RawRecord, type RowFormat } from "./record.js";

/** Cuts the bytes of a file into records, in pieces. */
export interface RecordReader {
  /** `null`: the header is not read yet, and there is no record before it. */
  readonly format: RowFormat | null;
  /** Takes the next bytes and returns the records that they complete. */
  push(chunk: Buffer): Iterable<RawRecord>;
  end(): Iterable<RawRecord>;
}

const BRACE = 0x7b;

/** A file whose first byte is a brace is NDJSON; every other one is CSV with a header. */
export function recordReaderFor(start: Buffer): RecordReader {
  return start.find(isContent) === BRACE ? new NdjsonRecords() : new CsvRecords();
}

/** Whether the first bytes of a file are enough for {@link recordReaderFor}. */
export function showsFormat(start: Buffer): boolean {
  return start.some(isContent);
}

/** No white space, and no part of a byte order mark. */
function isContent(byte: number): boolean {
  return byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf;
}

class CsvRecords implements RecordReader {
  readonly #splitter = new CsvSplitter();
  #format: RowFormat | null = null;

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
      const cells = cellsOf(bytes, line);
      if (typeof cells === "string") yield badRecord(line, cells);
      // A line that is blank but for a byte order mark is no header.
      else if (cells.join("") !== "") {
        this.#format = { kind: "csv", header: cells };
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
