import type { Explanation } from "../explanation.js";

/** Reasons other than that no allocation applies. */
const DEFAULTS: Partial<Readonly<Record<Explanation["reason"], string>>> = {
  "not-initialized": "no configuration yet",
  "flag-not-found": "no such flag",
  unresolved: "it cannot be decided with the given data",
};

/** Describes where the value comes from: a variation of an allocation, an override, or the reason for the default. */
export function outcomeText({ error, flag, reason }: Explanation): string {
  if (error !== null) return `the default: ${error}`;
  if (reason === "override") return "an override";
  const applied = flag?.allocations.find(({ outcome }) => outcome === "applies");
  const split = applied?.splits.find(({ outcome }) => outcome === "holds");
  if (applied === undefined || split === undefined) {
    const isOff = reason === "disabled" && flag?.isEnabled === false;
    // A dialect may assign a value to subjects to which no allocation applies.
    const otherwise = isOff ? "the flag is disabled" : "no allocation applies";
    return `the default: ${DEFAULTS[reason] ?? otherwise}`;
  }
  const names = [split.variation, applied.key].map((key) => JSON.stringify(key));
  return `variation ${names[0]} of allocation ${names[1]}`;
}
