import type { Variation } from "../model/flag.js";

/**
 * Returns the overrides that can be applied.
 *
 * @param onUnusable - called once if there are others, with their flag keys.
 */
export function usableOverrides(
  overrides: Readonly<Record<string, Variation>>,
  onUnusable: (flagKeys: readonly string[]) => void,
): Readonly<Record<string, Variation>> {
  const entries = Object.entries(overrides);
  const unusable = entries.filter(([, override]) => !isUsable(override));
  if (unusable.length === 0) return overrides;
  onUnusable(unusable.map(([flagKey]) => flagKey));
  return Object.fromEntries(entries.filter(([, override]) => isUsable(override)));
}

/** Overrides may come from JavaScript, or from a header that anyone can send. */
function isUsable(override: unknown): boolean {
  if (typeof override !== "object" || override === null) return false;
  return "value" in override && "key" in override && typeof override.key === "string";
}
