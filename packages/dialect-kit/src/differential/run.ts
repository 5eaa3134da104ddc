import { compareAnswers, type Difference } from "./compare.js";
import { unexplainedOf } from "./named-difference.js";
import type { ComparedCase, DifferentialPlan, Tally } from "./plan.js";
import { Random } from "./random.js";

/** How to run a {@link DifferentialPlan}. */
export interface DifferentialRun<Extent, Sabotage> {
  readonly seed: number;
  readonly extent: Extent;
  readonly sabotage?: Sabotage;
}

/** A case with a difference that has no name. */
export interface UnexplainedCase<Case> {
  readonly case: Case;
  readonly differences: readonly Difference[];
}

/** Findings of a run. */
export interface DifferentialResult<Case> {
  readonly cases: number;
  readonly tally: Tally<Case>;
  /** The number of cases that show each named difference, those never met included. */
  readonly named: ReadonlyMap<string, number>;
  readonly unexplained: readonly UnexplainedCase<Case>[];
}

/** Runs a plan: the same seed and extent give the same cases. */
export async function runDifferential<Case extends ComparedCase, Extent, Sabotage>(
  plan: DifferentialPlan<Case, Extent, Sabotage>,
  { seed, extent, sabotage }: DifferentialRun<Extent, Sabotage>,
): Promise<DifferentialResult<Case>> {
  const tally = plan.createTally();
  const named = new Map(plan.named.map(({ name }) => [name, 0]));
  const unexplained: UnexplainedCase<Case>[] = [];
  let cases = 0;
  for await (const it of plan.cases(new Random(seed), extent, sabotage ?? null)) {
    cases += 1;
    tally.add(it);
    const found = compareAnswers(it.ours, it.vendor, plan.isOpaque);
    const differences = unexplainedOf(found, it, plan.named, named);
    if (differences.length > 0) unexplained.push({ case: it, differences });
  }
  return { cases, tally, named, unexplained };
}
