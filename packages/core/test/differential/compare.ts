import type { Outcome } from "./outcome.js";

/** Something that is not the same in both SDKs. */
export interface Difference {
  /** Where, e.g. `details.matchedAllocation.key` or `events[0].subject`. */
  readonly path: string;
  readonly ours: unknown;
  readonly vendor: unknown;
}

/** What stands in a difference for a member that one side does not have. */
export const NOTHING: unique symbol = Symbol("nothing");

/** Everything in which two outcomes differ. Exact: `undefined` is no absence, and `-0` no `0`. */
export function compareOutcomes(ours: Outcome, vendor: Outcome): Difference[] {
  const found: Difference[] = [];
  compare(ours, vendor, "", found);
  return found;
}

function compare(ours: unknown, vendor: unknown, path: string, found: Difference[]): void {
  if (Object.is(ours, vendor)) return;
  // Attributes are the caller's own object, or a difference.
  const isComparable = isObject(ours) && isObject(vendor) && !path.endsWith(".subjectAttributes");
  if (!isComparable || Array.isArray(ours) !== Array.isArray(vendor)) {
    found.push({ path, ours, vendor });
    return;
  }
  for (const key of new Set([...Object.keys(ours), ...Object.keys(vendor)])) {
    const step = Array.isArray(ours) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    compare(memberOf(ours, key), memberOf(vendor, key), step, found);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Own members only: `constructor` is a key like any other. */
function memberOf(holder: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(holder, key) ? holder[key] : NOTHING;
}
