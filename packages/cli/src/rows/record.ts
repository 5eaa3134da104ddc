import type { Separator } from "./separator.js";

/** A CSV record or lines of NDJSON as bytes, or the reason why it is neither. */
export interface RawRecord {
  /** Number of its first line, from 1. */
  readonly line: number;
  /** The bytes without the line end; `null` if there is a `problem`. */
  readonly bytes: Buffer | null;
  /** Number of NDJSON lines, which {@link linesOf} splits; 1 for a CSV record. */
  readonly rows: number;
  readonly problem: string | null;
}

/** The format of the rows of an input. */
export type RowFormat =
  | { readonly kind: "ndjson" }
  | { readonly kind: "csv"; readonly header: readonly string[]; readonly separator: Separator };

/** Creates a record that is neither CSV nor NDJSON. */
export function badRecord(line: number, problem: string): RawRecord {
  return { line, bytes: null, rows: 1, problem };
}
