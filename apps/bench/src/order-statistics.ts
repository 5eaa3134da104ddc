/** Returns the median; `NaN` for an empty list. */
export function median(values: readonly number[]): number {
  const inOrder = ordered(values);
  const middle = inOrder.length / 2;
  const [low, high] = [inOrder[Math.ceil(middle) - 1], inOrder[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

/** Returns the smallest value that at least this share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  return ordered(values)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

function ordered(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
