import { isUtf8 } from "node:buffer";
import { messageOf } from "@sortition/core/dialect";
import { describeFault, findJsonFault } from "../evaluate/json-fault.js";
import { isBlank } from "../evaluate/lines.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { csvFields } from "./csv-fields.js";
import type { RawRecord, RowFormat } from "./record.js";
import type { Row } from "./row.js";

const BYTE_ORDER_MARK = "\ufeff";

/** Reads the row of a record; `null` for a blank line. */
export function parseRow({ bytes, line, problem }: RawRecord, format: RowFormat): Row | null {
  if (bytes === null) return bad(line, problem ?? "not a row");
  return format.kind === "csv" ? csvRow(bytes, line, format.header) : ndjsonRow(bytes, line);
}

function ndjsonRow(bytes: Buffer, line: number): Row | null {
  if (isBlank(bytes)) return null;
  if (!isUtf8(bytes)) return bad(line, "not UTF-8");
  const text = textOf(bytes, line);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const fault = findJsonFault(text);
    if (fault === null) return bad(line, messageOf(error));
    return bad(line, `not JSON at column ${fault.offset + 1}: ${describeFault(fault, "line")}`);
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
  return csvFields(textOf(bytes, line)) ?? "a quote stands inside of a field";
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

function textOf(bytes: Buffer, line: number): string {
  const text = bytes.toString("utf8");
  return line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function bad(line: number, problem: string): Row {
  return { line, fields: null, problem };
}
