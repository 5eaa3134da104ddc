const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Default maximum length of a line: 64 MiB. */
export const DEFAULT_MAX_LINE_BYTES: number = 64 * 1024 * 1024;

/** A line of the input; `"too-long"` if it was discarded because it exceeds the limit. */
export type Line = Buffer | "too-long";

/**
 * Splits bytes into lines at line feeds. A carriage return before a line feed belongs to the line end. Other Unicode
 * line separators are data.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  /** Chunks of the current line, which is not complete yet. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;

  /** @param maxBytes - the maximum length of a line without its line end. Longer lines are not kept in memory. */
  constructor(maxBytes: number = DEFAULT_MAX_LINE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Adds the next bytes, and yields the lines that they complete. */
  *push(chunk: Buffer): Generator<Line, void> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end === -1) break;
      yield this.#complete(chunk.subarray(start, end));
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  /** Returns the last line if it did not end with a line feed. */
  end(): Line | null {
    return this.#pieceBytes === 0 ? null : this.#complete(Buffer.alloc(0));
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#pieceBytes += piece.length;
    // One more byte is allowed, because it may be a carriage return.
    if (this.#pieceBytes > this.#maxBytes + 1) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  #complete(piece: Buffer): Line {
    this.#keep(piece);
    const isKept = this.#pieceBytes <= this.#maxBytes + 1;
    const [first, ...others] = this.#pieces;
    const line = others.length === 0 ? (first ?? Buffer.alloc(0)) : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pieceBytes = 0;
    const content = withoutReturn(line);
    return isKept && content.length <= this.#maxBytes ? content : "too-long";
  }
}

/** Whether a line contains only JSON white space. */
export function isBlank(line: Buffer): boolean {
  for (const byte of line) {
    if (byte !== 0x20 && byte !== 0x09 && byte !== CARRIAGE_RETURN) return false;
  }
  return true;
}

/** Removes the carriage return of a Windows line end. */
export function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
