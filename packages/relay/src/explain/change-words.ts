import type { Aspect, FlagComparison } from "@sortition/core/dialect";
import { ASPECTS, allocationKeys, nameOf } from "@sortition/core/dialect-internal";
import { allocationLabel } from "./allocation-label.js";

/** A part of a flag before and after a change, in plain words. */
export interface ChangedPart {
  readonly aspect: Aspect;
  /** `null` for a change of the whole flag. */
  readonly allocation: string | null;
  /** Name of the allocation as on the flag's page: `Rule 1`. */
  readonly allocationName: string | null;
  /** Name of the variation whose value changed; `null` for other aspects, and for a variation that has only a value. */
  readonly variation: string | null;
  /** The change as `sortition diff` prints it. */
  readonly text: string;
  /** Both are empty if descriptions do not show the change. */
  readonly before: string;
  readonly after: string;
}

/** Maximum number of parts in one line. */
const MAX_PARTS = 2;

/** The changed parts of a flag. Empty for a flag that is in only one of the configurations. */
export function changedParts(comparison: FlagComparison): readonly ChangedPart[] {
  return comparison.changes.map(({ after, allocation, aspect, before, text, variation: key }) => {
    const variation = variationName(comparison, key);
    const allocationName = labelOf(comparison, allocation);
    return { aspect, allocation, allocationName, variation, text, before, after };
  });
}

/** What changed in one line: `pilot: on: 10%, off: 90% → on: 50%, off: 50%`. */
export function changeLine(comparison: FlagComparison): string {
  const { after, before, change } = comparison;
  if (change !== "changed") {
    const variations = after?.description.variations.map(nameOf) ?? [];
    if (change !== "added" || variations.length === 0) return change;
    return `variations ${[...new Set(variations)].join(", ")}`;
  }
  const allocations = [before, after].map((it) => it?.description.allocations.length ?? 0);
  const hasSeveral = Math.max(...allocations) > 1;
  const sorted = comparison.changes.toSorted(
    (a, b) => ASPECTS.indexOf(a.aspect) - ASPECTS.indexOf(b.aspect),
  );
  const lines = sorted.slice(0, MAX_PARTS).map(({ allocation, aspect, text }) => {
    const label = labelOf(comparison, allocation);
    if (aspect === "allocation") return label === null ? text : `${label} ${text}`;
    const line = aspect === "salt" ? "subjects are re-randomised" : text;
    return label !== null && hasSeveral ? `${label}: ${line}` : line;
  });
  const left = sorted.length - lines.length;
  if (left > 0) lines.push(`${left} more ${left === 1 ? "change" : "changes"}`);
  return lines.join("; ");
}

/** Returns the name of an allocation in the vendor's terms; `null` for the whole flag. */
function labelOf({ after, before }: FlagComparison, key: string | null): string | null {
  if (key === null) return null;
  for (const side of [after, before]) {
    const { allocations = [] } = side?.description ?? {};
    const index = allocationKeys(allocations).indexOf(key);
    const allocation = allocations[index];
    if (side && allocation) return allocationLabel(allocation.key, index, side.words);
  }
  return key;
}

/** The name of a variation; `null` if it has only a value. */
function variationName({ after, before }: FlagComparison, key: string | null): string | null {
  const variations = [after, before].flatMap((it) => it?.description.variations ?? []);
  const { name = key } = variations.find((it) => it.key === key) ?? {};
  return name;
}
