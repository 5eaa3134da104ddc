import type { AllocationDescription } from "../description.js";
import { shareText } from "../text/values.js";

/**
 * Returns what an allocation hashes instead of the subject's key, and who takes part in its experiment: `split by group
 * company`, `in the experiment: 20%`.
 */
export function unitWords({
  participants,
  unit,
}: Pick<AllocationDescription, "participants" | "unit">): readonly string[] {
  const by = unit === null || unit.attributes.length === 0 ? [] : [`split by ${unit.name}`];
  if (participants === null) return by;
  const share = [...participants.values()].reduce((sum, it) => sum + it, 0);
  return [...by, `in the experiment: ${shareText(share)}`];
}
