import type { BadLines } from "../rows/bad-lines.js";
import type { ColumnMap } from "./column-map.js";
import type { SkippedEvents } from "./skipped-events.js";

/** An input after all its rows were read. */
export interface ReadInput {
  /** Name of the input on the command line. */
  readonly name: string;
  /** Number of items to judge; `null` if no input was given. */
  readonly found: number | null;
  /** Describes an input without items, e.g. `no exposure`. */
  readonly missing: string;
  /** Rows that are not exposures; `null` if the rows are not events. */
  readonly skipped: SkippedEvents | null;
  readonly bad: BadLines;
  /** The columns of `--map`; `null` without `--map`. */
  readonly map: ColumnMap | null | undefined;
}

/**
 * Reports unusable rows, and an input without anything to judge.
 *
 * @returns whether the command continues. It does if there is something to judge, or an empty input is allowed.
 * @throws UsageError if no row has a column of `--map`.
 */
export function finishReading({ bad, found, map, missing, name, skipped }: ReadInput): boolean {
  bad.finish();
  if (found === 0) {
    bad.reportNothing(name, missing, skipped?.text() ?? "");
    return bad.isEmptyAllowed;
  }
  if (found !== null) map?.checkSeen();
  return true;
}
