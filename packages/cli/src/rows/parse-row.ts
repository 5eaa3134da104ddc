import { isUtf8 } from "node:buffer";
import { parseExactly } from "../evaluate/exact-json.js";
import { lineProblem } from "../evaluate/line-problem.js";
import { jsonIn } from "../evaluate/object-cell.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { csvFields } from "./csv-fields.js";
import { linesOf } from "./ndjson-records.js";
import type { Place } from "./place.js";
import type { RawRecord, RowFormat } from "./record.js";
import type { Row } from "./row.js";
import type { Separator } from "./separator.js";

const BYTE_ORDER_MARK = "\ufeff";
const BLANK = /^[ \t\r]*$/;

/** Records of one file. */
export interface FileRecords {
  readonly records: Iterable<RawRecord>;
  /** The file's format; `null` if no record could be read. */
  readonly format: RowFormat | null;
  /** The file's name; `null` if there is only one file. */
  readonly file: string | null;
}

/** Yields the rows of records, without blank lines and repeated headers. */
export function* rowsOf({ file, format, records }: FileRecords): Generator<Row, void> {
  for (const { bytes, line: first, problem } of records) {
    if (bytes === null) yield bad({ file, line: first }, problem ?? "not a row");
    else if (format?.kind === "csv") {
      const row = csvRow(bytes, { file, line: first }, format);
      if (row !== null) yield row;
    } else {
      let line = first;
      for (const lines of linesOf(bytes)) {
        // Lines are sliced one by one. With `split`, all of them would be in memory at once.
        for (let start = 0, end = 0; end !== -1; start = end + 1) {
          end = lines?.indexOf("\n", start) ?? -1;
          const text = lines?.slice(start, end === -1 ? undefined : end) ?? null;
          const row = ndjsonRow(text, file, line);
          if (row !== null) yield row;
          line += 1;
        }
      }
    }
  }
}

/** @param given - the line; `null` if it is not UTF-8. */
function ndjsonRow(given: string | null, file: string | null, line: number): Row | null {
  if (given === null) return bad({ file, line }, "not UTF-8");
  const text = line === 1 ? withoutMark(given) : given;
  // JSON white space includes a carriage return at the end.
  if (!text.startsWith("{") && BLANK.test(given)) return null;
  let value: unknown;
  try {
    value = parseExactly(text);
  } catch (error) {
    const problem = lineProblem(text.endsWith("\r") ? text.slice(0, -1) : text, error);
    return bad({ file, line }, problem);
  }
  return isJsonObject(value)
    ? { file, line, fields: value, problem: null }
    : bad({ file, line }, "expected a JSON object");
}

/** Returns the row; `null` for a repeated header, as in concatenated files. */
function csvRow(
  bytes: Buffer,
  { file, line }: Place,
  { header, separator }: Extract<RowFormat, { kind: "csv" }>,
): Row | null {
  const cells = cellsOf(bytes, line, separator);
  if (typeof cells === "string") return bad({ file, line }, cells);
  if (cells.length !== header.length) {
    const problem = `expected ${header.length} fields, as in the header, got ${cells.length}`;
    return bad({ file, line }, problem);
  }
  if (cells[0] === header[0] && cells.every((cell, i) => cell === header[i])) return null;
  const fields: Record<string, unknown> = Object.create(null);
  header.forEach((name, i) => {
    const cell = cells[i] as string; // as many as names
    fields[name] = cell === "" ? null : jsonIn(cell);
  });
  return { file, line, fields: fields as JsonObject, isText: true, problem: null };
}

/** Returns the cells of a CSV record, or a description of the problem. */
export function cellsOf(
  bytes: Buffer,
  line: number,
  separator: Separator,
): readonly string[] | string {
  if (!isUtf8(bytes)) return "not UTF-8";
  const text = bytes.toString("utf8");
  const fields = csvFields(line === 1 ? withoutMark(text) : text, separator);
  return fields ?? "misplaced quote";
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function bad({ file, line }: Place, problem: string): Row {
  return { file, line, fields: null, problem };
}
