import { isUtf8 } from "node:buffer";
import { messageOf } from "@sortition/core/dialect";
import { describeFault, findJsonFault } from "../evaluate/json-fault.js";
import { isBlank, LineSplitter } from "../evaluate/lines.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { csvFields } from "./csv-fields.js";
import { CsvSplitter } from "./csv-records.js";
import type { Row } from "./row.js";

/** Reads rows from the bytes of a file, in pieces. */
export interface RowReader {
  /** Takes the next bytes and returns the rows that they complete. */
  push(chunk: Buffer): Iterable<Row>;
  /** The last rows. */
  end(): Iterable<Row>;
}

const BRACE = 0x7b;
const BYTE_ORDER_MARK = "\ufeff";

/** A file whose first byte is a brace is NDJSON; every other one is CSV with a header. */
export function readerFor(start: Buffer): RowReader {
  const first = start.find(
    (byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf,
  );
  return first === BRACE || first === undefined ? new NdjsonReader() : new CsvReader();
}

class NdjsonReader implements RowReader {
  readonly #splitter = new LineSplitter();
  #line = 0;

  *push(chunk: Buffer): Generator<Row, void> {
    for (const line of this.#splitter.push(chunk)) {
      const row = this.#rowOf(line);
      if (row !== null) yield row;
    }
  }

  *end(): Generator<Row, void> {
    const last = this.#splitter.end();
    const row = last === null ? null : this.#rowOf(last);
    if (row !== null) yield row;
  }

  #rowOf(bytes: Buffer | "too-long"): Row | null {
    this.#line += 1;
    const line = this.#line;
    if (bytes === "too-long") return bad(line, "it is too long");
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
}

class CsvReader implements RowReader {
  readonly #splitter = new CsvSplitter();
  #header: readonly string[] | null = null;

  *push(chunk: Buffer): Generator<Row, void> {
    for (const { bytes, line } of this.#splitter.push(chunk)) yield* this.#rowsOf(bytes, line);
  }

  *end(): Generator<Row, void> {
    for (const { bytes, line } of this.#splitter.end()) yield* this.#rowsOf(bytes, line);
  }

  *#rowsOf(bytes: Buffer | null, line: number): Generator<Row, void> {
    if (bytes !== null && bytes.length === 0) return;
    const row = this.#rowOf(bytes, line);
    if (row !== null) yield row;
  }

  #rowOf(bytes: Buffer | null, line: number): Row | null {
    if (bytes === null) return bad(line, "a quote is not closed");
    if (!isUtf8(bytes)) return bad(line, "not UTF-8");
    const cells = csvFields(textOf(bytes, line));
    if (cells === null) return bad(line, "a quote stands inside of a field");
    const header = this.#header;
    if (header === null) {
      this.#header = cells;
      return null;
    }
    if (cells.length !== header.length) {
      return bad(line, `expected ${header.length} fields, as the header has, got ${cells.length}`);
    }
    const fields: Record<string, unknown> = Object.create(null);
    header.forEach((name, i) => {
      fields[name] = cellValue(cells[i] as string); // as many as names
    });
    return { line, fields: fields as JsonObject, problem: null };
  }
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
