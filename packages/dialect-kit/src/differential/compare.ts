/** One place in which two answers differ. */
export interface Difference {
  /** For example `details.matchedAllocation.key` or `events[0].subject`; empty: the answers as a whole. */
  readonly path: string;
  readonly ours: unknown;
  readonly vendor: unknown;
}

/** Stands in a {@link Difference} for a member that one side does not have. */
export const NOTHING: unique symbol = Symbol("nothing");

/**
 * Lists all differences between two answers. The comparison is exact: an `undefined` member differs
 * from a missing one, and `-0` from `0`.
 *
 * @param isOpaque - selects paths whose objects are compared by identity and not by content.
 */
export function compareAnswers(
  ours: unknown,
  vendor: unknown,
  isOpaque: (path: string) => boolean = () => false,
): Difference[] {
  const found: Difference[] = [];
  compare(ours, vendor, "", isOpaque, found);
  return found;
}

function compare(
  ours: unknown,
  vendor: unknown,
  path: string,
  isOpaque: (path: string) => boolean,
  found: Difference[],
): void {
  if (Object.is(ours, vendor)) return;
  const isComparable = isObject(ours) && isObject(vendor) && !isOpaque(path);
  if (!isComparable || Array.isArray(ours) !== Array.isArray(vendor)) {
    found.push({ path, ours, vendor });
    return;
  }
  for (const key of new Set([...Object.keys(ours), ...Object.keys(vendor)])) {
    const step = Array.isArray(ours) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    compare(memberOf(ours, key), memberOf(vendor, key), step, isOpaque, found);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Reads own members only: `constructor` is a key like any other. */
function memberOf(holder: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(holder, key) ? holder[key] : NOTHING;
}
