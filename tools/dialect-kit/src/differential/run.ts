import { compareAnswers, type Difference } from "./compare.js";
import { unexplainedOf } from "./named-difference.js";
import type { ComparedCase, DifferentialPlan, Tally } from "./plan.js";
import { Random } from "./random.js";

/** A case with a difference that no named difference explains. */
export interface UnexplainedCase<Case> {
  readonly case: Case;
  readonly differences: readonly Difference[];
}

/** Seed and size of a run of a {@link DifferentialPlan}. */
export interface DifferentialRun<Extent> {
  readonly seed: number;
  readonly extent: Extent;
}

/** Findings of a run. */
export interface DifferentialResult<Case> {
  readonly cases: number;
  readonly tally: Tally<Case>;
  /** Number of cases that show each named difference, including differences that never occurred. */
  readonly named: ReadonlyMap<string, number>;
  readonly unexplained: readonly UnexplainedCase<Case>[];
}

/** Runs a plan. The same seed and extent generate the same cases. */
export async function runDifferential<Case extends ComparedCase, Extent>(
  plan: DifferentialPlan<Case, Extent>,
  { seed, extent }: DifferentialRun<Extent>,
): Promise<DifferentialResult<Case>> {
  const tally = plan.createTally();
  const named = new Map(plan.named.map(({ name }) => [name, 0]));
  const unexplained: UnexplainedCase<Case>[] = [];
  let cases = 0;
  for await (const it of plan.cases(new Random(seed), extent)) {
    cases += 1;
    tally.add(it);
    const all = compareAnswers(it.ours, it.vendor, plan.isOpaque);
    const differences = unexplainedOf(all, it, plan.named, named);
    if (differences.length > 0) unexplained.push({ case: it, differences });
  }
  return { cases, tally, named, unexplained };
}
