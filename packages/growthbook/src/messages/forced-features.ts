import type { Reports } from "./reports.js";

/**
 * Returns the map of values by feature key. Reports anything else, and returns `null`.
 *
 * @param given - JavaScript callers may pass any value.
 */
export function forcedFeaturesOf(
  given: ReadonlyMap<string, unknown>,
  reports: Reports,
): ReadonlyMap<string, unknown> | null {
  if (typeof given.has === "function" && typeof given.get === "function") return given;
  reports.warn(
    'forced features are not a Map, so none are used: pass new Map([["checkout", true]])',
  );
  return null;
}
