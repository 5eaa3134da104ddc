import type { FlagDescription } from "./description.js";

/** Describes a flag that does not exist, or that could not be decoded. */
export function describeBroken(key: string, problem: string, isHashed = false): FlagDescription {
  const nothing = { valueType: null, isEnabled: false, variations: [], allocations: [] };
  return { key, isHashed, ...nothing, followsRanges: true, problem };
}
