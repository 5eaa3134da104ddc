/** Returns whether a value is in a list. If the value is a list, returns whether any of its elements is. */
export type Membership = (value: unknown) => boolean;

/** Maximum length at which searching a list is faster than searching a set. */
export const SHORT = 8;

/** Compiles membership by strict equality, so that 1 is not "1". */
export function compileMembership(list: readonly unknown[]): Membership {
  if (list.length <= SHORT) {
    const few = [...list];
    return (value) =>
      Array.isArray(value) ? value.some((it) => few.includes(it)) : few.includes(value);
  }
  const many = new Set(list);
  return (value) => (Array.isArray(value) ? value.some((it) => many.has(it)) : many.has(value));
}

/** Like {@link compileMembership}, but converts strings to lower case on both sides. */
export function compileFoldedMembership(list: readonly unknown[]): Membership {
  // Quirk: values are compared by `===`, so NaN never matches (growthbook).
  const has = compileMembership(list.map(folded).filter((it) => !Number.isNaN(it)));
  return (value) => has(Array.isArray(value) ? value.map(folded) : folded(value));
}

function folded(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}
