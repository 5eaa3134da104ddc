import type { BadLines } from "../rows/bad-lines.js";
import type { ColumnMap } from "./column-map.js";

/** An input whose rows were all read. */
export interface ReadInput {
  /** As the command line names it. */
  readonly name: string;
  /** How many things to judge it has; `null`: no input was given. */
  readonly found: number | null;
  /** What it lacks if it has none, e.g. `no exposure`. */
  readonly missing: string;
  readonly bad: BadLines;
  /** Columns that the user named; `null`: none. */
  readonly map: ColumnMap | null | undefined;
}

/**
 * Reports rows that could not be used, and an input without anything to judge.
 *
 * @returns whether the command goes on: there is something to judge, or an empty input is allowed.
 * @throws UsageError if no row has a column that the user named.
 */
export function finishReading({ bad, found, map, missing, name }: ReadInput): boolean {
  bad.finish();
  if (found === 0) {
    bad.reportNothing(name, missing);
    return bad.isEmptyAllowed;
  }
  if (found !== null) map?.checkSeen();
  return true;
}
