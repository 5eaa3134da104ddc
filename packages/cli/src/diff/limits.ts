import { shareText } from "@sortition/core/dialect-internal";
import { UsageError } from "../errors.js";
import type { Limit } from "../limit-option.js";
import { nearText } from "../near.js";
import type { FlagDiff } from "./flag-diff.js";

/** The values of `--fail-on`, each with a function that checks a flag for such a change. */
export const FAILURES: ReadonlyMap<string, (flag: FlagDiff) => boolean> = new Map([
  ["flag-removed", ({ change }) => change === "removed"],
  ["type-changed", has("type")],
  ["salt-changed", has("salt")],
  ["rule-changed", has("rule")],
  ["traffic-changed", has("traffic")],
  ["window-changed", has("window")],
  ["value-changed", has("value")],
  ["value-removed", ({ changes }) => changes.some(({ removesValue }) => removesValue)],
]);

function has(aspect: string): (flag: FlagDiff) => boolean {
  return ({ changes }) => changes.some((change) => change.aspect === aspect);
}

export interface Limits {
  /** `null` if any number of subjects may move. */
  readonly isTooMany: Limit | null;
  /** Names of {@link FAILURES}. */
  readonly failOn: readonly string[];
}

/**
 * The only value of {@link FAILURES} that can be checked between two dialects, because it does not compare parts of
 * flags.
 */
const BETWEEN_DIALECTS = "flag-removed";

/** @throws UsageError */
export function failuresOf(text: string | undefined, isBetween: boolean): readonly string[] {
  const names = text?.split(",").map((name) => name.trim()) ?? [];
  for (const name of names) {
    if (isBetween && FAILURES.has(name) && name !== BETWEEN_DIALECTS) {
      throw new UsageError(
        `--fail-on: ${name} cannot be checked between two dialects. Use ${BETWEEN_DIALECTS} or --max-moved`,
      );
    }
    if (FAILURES.has(name)) continue;
    const known = [...FAILURES.keys()];
    throw new UsageError(
      `--fail-on: ${JSON.stringify(name)} is unknown${nearText(name, known)}; expected ${known.join(", ")}`,
    );
  }
  return names;
}

/** One sentence for each exceeded limit, then one for each flag that could not be checked. */
export function violationsOf(flags: readonly FlagDiff[], limits: Limits): readonly string[] {
  return [...exceededBy(flags, limits), ...uncheckedBy(flags, limits)];
}

/** Flags whose moves are too uncertain to check `--max-moved`. */
function uncheckedBy(flags: readonly FlagDiff[], { isTooMany }: Limits): readonly string[] {
  if (isTooMany === null) return [];
  return flags.flatMap(({ key, movement, unmeasured }) => {
    if (unmeasured === null) return [];
    // The limit is met even if all undecided subjects move.
    const isSafe =
      movement?.source === "subjects" &&
      !isTooMany(movement.moved + movement.undecided, movement.total);
    return isSafe ? [] : [`${key}: not measured, so --max-moved was not checked: ${unmeasured}`];
  });
}

function exceededBy(flags: readonly FlagDiff[], { failOn, isTooMany }: Limits): readonly string[] {
  return flags.flatMap((flag) => {
    const changes = failOn.filter((name) => FAILURES.get(name)?.(flag));
    const { movement } = flag;
    const isOver = movement !== null && isTooMany?.(movement.moved, movement.total) === true;
    return [
      ...changes.map((name) => `${flag.key}: ${name}`),
      ...(isOver ? [`${flag.key}: ${shareText(movement.moved / movement.total)} move`] : []),
    ];
  });
}
