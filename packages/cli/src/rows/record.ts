import type { Separator } from "./separator.js";

/** A record of CSV, or lines of NDJSON, as bytes; or why it is neither. */
export interface RawRecord {
  /** The line that it starts in, counted from 1. */
  readonly line: number;
  /** Without its end; `null`: see `problem`. */
  readonly bytes: Buffer | null;
  /** How many lines of NDJSON it has, which {@link linesOf} cuts; 1 for a record of CSV. */
  readonly rows: number;
  readonly problem: string | null;
}

/** What the rows of an input have in common. */
export type RowFormat =
  | { readonly kind: "ndjson" }
  | { readonly kind: "csv"; readonly header: readonly string[]; readonly separator: Separator };

/** Why a record is not a row of CSV or NDJSON. */
export function badRecord(line: number, problem: string): RawRecord {
  return { line, bytes: null, rows: 1, problem };
}
