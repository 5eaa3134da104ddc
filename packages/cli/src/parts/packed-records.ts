import type { FileRecords } from "../rows/parse-row.js";
import type { RawRecord, RowFormat } from "../rows/record.js";

/** Records in one buffer, in a form that is cheap to send to another thread. */
export interface PackedRecords {
  readonly format: RowFormat | null;
  readonly file: string | null;
  /** The records, one after another. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: readonly number[];
  readonly lines: readonly number[];
  /** See `RawRecord.rows`. */
  readonly rows: readonly number[];
  /** The reason why a record has no bytes, by the index of the record. */
  readonly problems: ReadonlyMap<number, string>;
}

/** Packs records until there are enough of them. */
export class RecordPacker {
  readonly #enoughBytes: number;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #used = 0;
  #format: RowFormat | null = null;
  #file: string | null = null;
  #ends: number[] = [];
  #lines: number[] = [];
  #rows: number[] = [];
  #problems = new Map<number, string>();

  constructor(enoughBytes: number) {
    this.#enoughBytes = enoughBytes;
  }

  get isEmpty(): boolean {
    return this.#ends.length === 0;
  }

  get hasEnough(): boolean {
    return this.#used >= this.#enoughBytes;
  }

  /** Whether it contains records of another file. */
  isOfOther(file: string | null): boolean {
    return !this.isEmpty && this.#file !== file;
  }

  add({ file, format, records }: FileRecords): void {
    this.#file = file;
    // Records before the header have no bytes.
    this.#format = format;
    for (const { bytes, line, problem, rows } of records) {
      if (bytes === null) this.#problems.set(this.#ends.length, problem ?? "");
      else {
        this.#makeRoom(bytes.length);
        this.#bytes.set(bytes, this.#used);
        this.#used += bytes.length;
      }
      this.#ends.push(this.#used);
      this.#lines.push(line);
      this.#rows.push(rows);
    }
  }

  /** Returns the added records, and starts a new pack. */
  take(): PackedRecords {
    const taken = {
      format: this.#format,
      file: this.#file,
      bytes: this.#bytes,
      ends: this.#ends,
      lines: this.#lines,
      rows: this.#rows,
      problems: this.#problems,
    };
    this.#bytes = new Uint8Array(0);
    this.#used = 0;
    this.#ends = [];
    this.#lines = [];
    this.#rows = [];
    this.#problems = new Map();
    return taken;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed <= this.#bytes.length) return;
    const first = this.#enoughBytes + this.#enoughBytes / 2;
    // The buffer is not zero-filled, which would cost another pass over all data.
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, first, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

export function unpacked(packed: PackedRecords): FileRecords {
  return { records: recordsIn(packed), format: packed.format, file: packed.file };
}

function* recordsIn(packed: PackedRecords): Generator<RawRecord, void> {
  const { buffer } = packed.bytes;
  let start = 0;
  for (const [i, end] of packed.ends.entries()) {
    const line = packed.lines[i] ?? 0;
    const problem = packed.problems.get(i) ?? null;
    const bytes = problem === null ? Buffer.from(buffer, start, end - start) : null;
    yield { line, bytes, rows: packed.rows[i] ?? 1, problem };
    start = end;
  }
}
