import { shareText } from "@sortition/core/dialect";
import { UsageError } from "../errors.js";
import type { Limit } from "../limit-option.js";
import { nearText } from "../near.js";
import type { FlagDiff } from "./flag-diff.js";

/** What `--fail-on` takes: whether a flag has such a change. */
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

/** Limits of the command line. */
export interface Limits {
  /** `null`: any number of subjects may move. */
  readonly isTooMany: Limit | null;
  /** Names of {@link FAILURES}. */
  readonly failOn: readonly string[];
}

/** @throws UsageError */
export function failuresOf(text: string | undefined): readonly string[] {
  const names = text?.split(",").map((name) => name.trim()) ?? [];
  for (const name of names) {
    if (FAILURES.has(name)) continue;
    const known = [...FAILURES.keys()];
    throw new UsageError(
      `--fail-on: ${JSON.stringify(name)} is unknown${nearText(name, known)}; there are ${known.join(", ")}`,
    );
  }
  return names;
}

/** What is over the limits, in a sentence each. */
export function violationsOf(
  flags: readonly FlagDiff[],
  { failOn, isTooMany }: Limits,
): readonly string[] {
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
