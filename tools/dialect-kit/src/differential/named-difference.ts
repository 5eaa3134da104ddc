import type { Difference } from "./compare.js";

/**
 * A deliberate difference from the vendor. Each occurrence is counted. Any other difference fails
 * the test.
 */
export interface NamedDifference<Case> {
  readonly name: string;
  /** The reason, as a page for users can quote it. */
  readonly because: string;
  /** Whether this explains a difference. Keep the condition as narrow as possible. */
  explains(difference: Difference, of: Case): boolean;
}

/**
 * Counts each named difference of a case once, and returns the differences that none of them
 * explains.
 */
export function unexplainedOf<Case>(
  differences: readonly Difference[],
  of: Case,
  named: readonly NamedDifference<Case>[],
  counts: Map<string, number>,
): Difference[] {
  const met = new Set<string>();
  const unexplained = differences.filter((difference) => {
    const reason = named.find((candidate) => candidate.explains(difference, of));
    if (reason !== undefined) met.add(reason.name);
    return reason === undefined;
  });
  for (const name of met) counts.set(name, (counts.get(name) ?? 0) + 1);
  return unexplained;
}
