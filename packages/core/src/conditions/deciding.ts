/** The listed value that decides a comparison: if it does not satisfy it, no other one does. */
export type Deciding = "first" | "last";

/** Returns the first or last value in ascending order, or `undefined` if there is none. */
export function decidingOf<Value>(
  values: readonly Value[],
  deciding: Deciding,
  orderOf: (a: Value, b: Value) => number,
): Value | undefined {
  const sign = deciding === "first" ? 1 : -1;
  let found = values[0];
  for (const value of values) {
    if (found !== undefined && orderOf(value, found) * sign < 0) found = value;
  }
  return found;
}
