/** Tells whether a value is in a list; for a value that is a list itself, whether one of its elements is. */
export type Membership = (value: unknown) => boolean;

/** Up to this length, a list is searched faster than a set. */
const SHORT = 8;

/** Membership by strict equality: 1 is not "1". */
export function compileMembership(list: readonly unknown[]): Membership {
  if (list.length <= SHORT) {
    const few = [...list];
    return (value) =>
      Array.isArray(value) ? value.some((it) => few.includes(it)) : few.includes(value);
  }
  const many = new Set(list);
  return (value) => (Array.isArray(value) ? value.some((it) => many.has(it)) : many.has(value));
}

/** The same with strings in lower case on both sides. */
export function compileFoldedMembership(list: readonly unknown[]): Membership {
  // Quirk: compared by `===`, where NaN is equal to nothing (growthbook).
  const has = compileMembership(list.map(folded).filter((it) => !Number.isNaN(it)));
  return (value) => has(Array.isArray(value) ? value.map(folded) : folded(value));
}

function folded(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}
