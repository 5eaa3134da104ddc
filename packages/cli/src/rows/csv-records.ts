import { withoutReturn } from "../evaluate/lines.js";
import type { Separator } from "./separator.js";

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BYTE_ORDER_MARK = Buffer.from("\ufeff");

/** A record of a CSV file, with the number of its first line. */
export interface CsvRecord {
  readonly line: number;
  /** The record; `null` if a quote is not closed within the maximum length. Such a record ends with its first line. */
  readonly bytes: Buffer | null;
}

/** Maximum size of a record, so that an unclosed quote does not swallow the rest of the file. */
const MAX_RECORD_BYTES = 1_048_576;

/**
 * Splits bytes into records (RFC 4180) at line feeds outside quotes. A carriage return before a line feed belongs to
 * the line end.
 */
export class CsvSplitter {
  #held: Buffer = Buffer.alloc(0);
  #line = 1;
  readonly #separator: number;

  constructor(separator: Separator) {
    this.#separator = separator.charCodeAt(0);
  }

  /** Adds the next bytes, and yields the records that they complete. */
  *push(chunk: Buffer): Generator<CsvRecord, void> {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    yield* this.#cut(false);
  }

  *end(): Generator<CsvRecord, void> {
    yield* this.#cut(true);
  }

  *#cut(isEnd: boolean): Generator<CsvRecord, void> {
    const held = this.#held;
    let start = 0;
    while (start < held.length) {
      const { isOpen, stop } = endOfRecord(held, start, this.#separator);
      const isTooLong = (stop === -1 ? held.length : stop) - start > MAX_RECORD_BYTES;
      if (stop === -1 && !isTooLong && !isEnd) break;
      const isUnclosed = isTooLong || (stop === -1 && isOpen);
      const end = isUnclosed ? held.indexOf(LINE_FEED, start) : stop;
      const last = end === -1 ? held.length : end;
      const record = held.subarray(start, last);
      yield { line: this.#line, bytes: isUnclosed ? null : withoutReturn(record) };
      this.#line += 1 + (isUnclosed ? 0 : count(record, LINE_FEED));
      start = last + 1;
    }
    // Copied, so that a few bytes do not keep the whole chunk alive.
    this.#held = Buffer.from(held.subarray(start));
  }
}

/** Finds the line feed that ends a record (-1 if there is none), and whether a quote is open at the end. */
function endOfRecord(
  bytes: Buffer,
  start: number,
  separator: number,
): { stop: number; isOpen: boolean } {
  let isOpen = false;
  let closedAt = -1;
  let from = start;
  for (;;) {
    const stop = bytes.indexOf(LINE_FEED, from);
    const piece = bytes.subarray(from, stop === -1 ? bytes.length : stop);
    for (let at = piece.indexOf(QUOTE); at !== -1; at = piece.indexOf(QUOTE, at + 1)) {
      const place = from + at;
      if (isOpen) {
        isOpen = false;
        closedAt = place;
      } else isOpen = closedAt === place - 1 || isFieldStart(bytes, start, place, separator);
    }
    if (stop === -1 || !isOpen) return { stop, isOpen };
    from = stop + 1;
  }
}

/** Only a quote at the start of a field opens the field. A quote anywhere else invalidates its own record only. */
function isFieldStart(bytes: Buffer, start: number, place: number, separator: number): boolean {
  if (place === start || bytes[place - 1] === separator) return true;
  return bytes.subarray(start, place).equals(BYTE_ORDER_MARK);
}

function count(bytes: Buffer, byte: number): number {
  let n = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) n += 1;
  return n;
}
