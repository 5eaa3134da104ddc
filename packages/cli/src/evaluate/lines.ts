const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts bytes into lines, at line feeds and nothing else: other separators of Unicode are data. A
 * carriage return before a line feed belongs to it.
 */
export class LineSplitter {
  /** Pieces of a line whose end has not come yet. */
  #pieces: Buffer[] = [];

  /** Takes the next bytes and gives the lines that they complete. */
  *push(chunk: Buffer): Generator<Buffer, void> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end === -1) break;
      yield withoutReturn(this.#complete(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) this.#pieces.push(chunk.subarray(start));
  }

  /** The last line, if it did not end with a line feed. */
  end(): Buffer | null {
    if (this.#pieces.length === 0) return null;
    return withoutReturn(this.#complete(Buffer.alloc(0)));
  }

  #complete(piece: Buffer): Buffer {
    if (this.#pieces.length === 0) return piece;
    const line = Buffer.concat([...this.#pieces, piece]);
    this.#pieces = [];
    return line;
  }
}

/** Whether a line holds nothing but white space of JSON. */
export function isBlank(line: Buffer): boolean {
  for (const byte of line) {
    if (byte !== 0x20 && byte !== 0x09 && byte !== CARRIAGE_RETURN) return false;
  }
  return true;
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
