import { isUtf8 } from "node:buffer";
import { lineProblem } from "../evaluate/json-fault.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { csvFields } from "./csv-fields.js";
import { linesOf } from "./ndjson-records.js";
import type { RawRecord, RowFormat } from "./record.js";
import type { Row } from "./row.js";

const BYTE_ORDER_MARK = "\ufeff";
const BLANK = /^[ \t\r]*$/;

/**
 * The rows of records, blank lines left out.
 *
 * @param format - `null`: of records without bytes, which have none.
 */
export function* rowsOf(
  records: Iterable<RawRecord>,
  format: RowFormat | null,
): Generator<Row, void> {
  for (const { bytes, line: first, problem } of records) {
    if (bytes === null) yield bad(first, problem ?? "not a row");
    else if (format?.kind === "csv") yield csvRow(bytes, first, format.header);
    else {
      let line = first;
      for (const lines of linesOf(bytes)) {
        // Not `split`: all lines of an array would be alive at once.
        for (let start = 0, end = 0; end !== -1; start = end + 1) {
          end = lines?.indexOf("\n", start) ?? -1;
          const row = ndjsonRow(lines?.slice(start, end === -1 ? undefined : end) ?? null, line);
          if (row !== null) yield row;
          line += 1;
        }
      }
    }
  }
}

/** @param given - `null`: it is not UTF-8. */
function ndjsonRow(given: string | null, line: number): Row | null {
  if (given === null) return bad(line, "not UTF-8");
  const text = line === 1 ? withoutMark(given) : given;
  // White space of JSON, to which a carriage return at the end belongs.
  if (!text.startsWith("{") && BLANK.test(given)) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return bad(line, lineProblem(text.endsWith("\r") ? text.slice(0, -1) : text, error));
  }
  return isJsonObject(value)
    ? { line, fields: value, problem: null }
    : bad(line, "expected a JSON object");
}

function csvRow(bytes: Buffer, line: number, header: readonly string[]): Row {
  const cells = cellsOf(bytes, line);
  if (typeof cells === "string") return bad(line, cells);
  if (cells.length !== header.length) {
    return bad(line, `expected ${header.length} fields, as the header has, got ${cells.length}`);
  }
  const fields: Record<string, unknown> = Object.create(null);
  header.forEach((name, i) => {
    fields[name] = cellValue(cells[i] as string); // as many as names
  });
  return { line, fields: fields as JsonObject, problem: null };
}

/** The cells of a record of CSV, or what is wrong with it. */
export function cellsOf(bytes: Buffer, line: number): readonly string[] | string {
  if (!isUtf8(bytes)) return "not UTF-8";
  const text = bytes.toString("utf8");
  return csvFields(line === 1 ? withoutMark(text) : text) ?? "a quote stands inside of a field";
}

/** Nothing for an empty cell, JSON where it is an object or a list, else the string. */
function cellValue(cell: string): unknown {
  if (cell === "") return null;
  if (!cell.startsWith("{") && !cell.startsWith("[")) return cell;
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function bad(line: number, problem: string): Row {
  return { line, fields: null, problem };
}
