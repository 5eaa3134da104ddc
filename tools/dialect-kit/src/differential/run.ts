import { compareAnswers, type Difference } from "./compare.js";
import { unexplainedOf } from "./named-difference.js";
import type { ComparedCase, DifferentialPlan, Tally } from "./plan.js";
import { Random } from "./random.js";

/** A case with a difference that no named difference explains. */
export interface UnexplainedCase<Case> {
  readonly case: Case;
  readonly differences: readonly Difference[];
}

/** Options of a run of a {@link DifferentialPlan}. */
export interface DifferentialRun<Case, Extent, Sabotage> {
  readonly seed: number;
  readonly extent: Extent;
  readonly sabotage?: Sabotage;
  /** Ends the run after the first unexplained case for which it returns true. */
  readonly until?: (found: UnexplainedCase<Case>) => boolean;
  /** Maximum number of cases, even if the extent has more. */
  readonly mostCases?: number;
}

/** Findings of a run. */
export interface DifferentialResult<Case> {
  readonly cases: number;
  readonly tally: Tally<Case>;
  /** Number of cases that show each named difference, including differences that never occurred. */
  readonly named: ReadonlyMap<string, number>;
  readonly unexplained: readonly UnexplainedCase<Case>[];
}

/** Runs a plan. The same seed and extent generate the same cases until the run ends. */
export async function runDifferential<Case extends ComparedCase, Extent, Sabotage>(
  plan: DifferentialPlan<Case, Extent, Sabotage>,
  { seed, extent, sabotage, ...ends }: DifferentialRun<Case, Extent, Sabotage>,
): Promise<DifferentialResult<Case>> {
  const tally = plan.createTally();
  const named = new Map(plan.named.map(({ name }) => [name, 0]));
  const unexplained: UnexplainedCase<Case>[] = [];
  const { until = () => false, mostCases = Number.POSITIVE_INFINITY } = ends;
  let cases = 0;
  for await (const it of plan.cases(new Random(seed), extent, sabotage ?? null)) {
    cases += 1;
    tally.add(it);
    const all = compareAnswers(it.ours, it.vendor, plan.isOpaque);
    const differences = unexplainedOf(all, it, plan.named, named);
    if (differences.length > 0) {
      const found = { case: it, differences };
      unexplained.push(found);
      if (until(found)) break;
    }
    if (cases >= mostCases) break;
  }
  return { cases, tally, named, unexplained };
}
