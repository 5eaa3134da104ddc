/** A place where two results differ. */
export interface Difference {
  /**
   * For example `details.matchedAllocation.key` or `events[0].subject`. Empty for the whole result.
   */
  readonly path: string;
  readonly ours: unknown;
  readonly vendor: unknown;
}

/** Marks a member in a {@link Difference} that one side lacks. */
export const NOTHING: unique symbol = Symbol("nothing");

/**
 * Lists all differences between two results. The comparison is exact: an `undefined` member differs
 * from a missing one, and `-0` differs from `0`.
 *
 * @param isOpaque - selects paths whose objects are compared by identity instead of content.
 */
export function compareAnswers(
  ours: unknown,
  vendor: unknown,
  isOpaque: (path: string) => boolean = () => false,
): Difference[] {
  const found: Difference[] = [];
  // A stack instead of recursion, because a fuzzer's values may be nested deeper than calls can be.
  const pending: Difference[] = [{ path: "", ours, vendor }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (Object.is(next.ours, next.vendor)) continue;
    const members = isOpaque(next.path) ? null : membersOf(next);
    if (members === null) found.push(next);
    else pending.push(...members.reverse());
  }
  return found;
}

/** Pairs the members of two containers of the same kind, or returns `null` if they are not. */
function membersOf({ path, ours, vendor }: Difference): Difference[] | null {
  if (!isObject(ours) || !isObject(vendor) || Array.isArray(ours) !== Array.isArray(vendor)) {
    return null;
  }
  return [...new Set([...Object.keys(ours), ...Object.keys(vendor)])].map((key) => ({
    path: Array.isArray(ours) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`,
    ours: memberOf(ours, key),
    vendor: memberOf(vendor, key),
  }));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Reads only own members, so that `constructor` is a key like any other. */
function memberOf(holder: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(holder, key) ? holder[key] : NOTHING;
}
