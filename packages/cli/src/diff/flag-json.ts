import type { FlagDiff, Movement } from "./flag-diff.js";

/** The `--json` output for a flag. */
export function flagJson(
  { change, changes, key, movement, unmeasured }: FlagDiff,
  showsSubjects: boolean | null,
): object {
  return {
    flag: key,
    change,
    changes: changes.map(({ allocation, aspect, text }) => ({ aspect, allocation, text })),
    notMeasured: unmeasured,
    movement: movement === null ? null : movementReport(movement, showsSubjects),
  };
}

function movementReport(
  { cells, lacking, moved, source, total, undecided, whys }: Movement,
  showsSubjects: boolean | null,
): object {
  return {
    source,
    total,
    moved,
    undecided,
    lacking: Object.fromEntries(lacking),
    by: Object.fromEntries(whys),
    cells: cells.map(({ after, before, count, examples, moved: movedHere }) => ({
      before,
      after,
      count,
      moved: movedHere,
      ...(showsSubjects === null
        ? {}
        : {
            examples: examples.map(({ place: { file, line }, subject, why }) => {
              return {
                ...(file === null ? {} : { file }),
                line,
                why,
                ...(showsSubjects ? { subject } : {}),
              };
            }),
          }),
    })),
  };
}
