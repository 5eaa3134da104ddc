import type { Cell } from "../cells/cell.js";
import type { Report } from "../report.js";
import type { Comparison } from "./compare-cell.js";

export interface ComparisonReport extends Omit<Report, "cells"> {
  /** Folder of the checkout of the other build. */
  readonly against: string;
  readonly limit: number;
  readonly cells: readonly ComparedCell[];
}

export type ComparedCell = Pick<Cell, "id" | "title"> &
  (
    | (Pick<Cell, "unit"> & {
        readonly state: "compared";
        readonly participants: readonly Comparison[];
      })
    | { readonly state: "not compared"; readonly reason: string }
    /** The other checkout has no such cell. */
    | { readonly state: "new" }
  );

export function isRefused({ cells }: Pick<ComparisonReport, "cells">): boolean {
  return cells.some(
    (cell) =>
      cell.state === "compared" &&
      cell.participants.some(({ kind }) => kind === "above" || kind === "aborted"),
  );
}
