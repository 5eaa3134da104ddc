import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ComparedCase, DifferentialPlan } from "./plan.js";
import { explanationOf, summaryOf } from "./report.js";
import { type DifferentialResult, runDifferential } from "./run.js";

declare module "vitest" {
  interface TaskMeta {
    /** Summary of a differential run, for the page that `npm run conformance` writes. */
    differential?: DifferentialFacts;
  }
}

/** The totals of one differential run. */
interface DifferentialFacts {
  readonly name: string;
  readonly seed: number;
  readonly calls: number;
  readonly unexplained: number;
  /** The deliberate differences that occurred, with the number of calls. */
  readonly named: readonly (readonly [name: string, calls: number])[];
}

/** A long run takes minutes, and several times as long on a busy machine. */
const TIMEOUT_MS = 1_800_000;

/** What {@link describeDifferential} runs. */
export interface DifferentialSuite<Case, Extent> {
  readonly seed: number;
  readonly extent: Extent;
  /** Minimum number of cases. */
  readonly least?: number;
  /** Further expectations of the run. */
  readonly check?: (result: DifferentialResult<Case>) => void;
  /** Groups of the tally that are too large for a short run to cover. */
  readonly mayMiss?: readonly string[];
  /** Whether each deliberate difference must have occurred. Only long runs cover all of them. */
  readonly needsAllNamed?: boolean;
}

/**
 * Declares the test of one plan: there are no unnamed differences, and everything was covered.
 * `Date` is a fake that the plan sets. Prints the seed and the counts.
 */
export function describeDifferential<Case extends ComparedCase, Extent>(
  plan: DifferentialPlan<Case, Extent>,
  suite: DifferentialSuite<Case, Extent>,
): void {
  const { seed, extent, mayMiss = [] } = suite;
  // The report uses members of the plan that do not depend on the extent.
  const reported = plan as unknown as DifferentialPlan<Case, never>;

  const options = { timeout: TIMEOUT_MS };

  describe(
    `${plan.name}, our client compared with the vendor's (SORTITION_SEED=${seed})`,
    options,
    () => {
      beforeAll(() => {
        vi.useFakeTimers({ toFake: ["Date"] });
      });

      afterAll(() => {
        vi.useRealTimers();
      });

      it("returns the same values, details and events, except for deliberate differences", async ({
        task,
      }) => {
        const result = await runDifferential(plan, { seed, extent });
        task.meta.differential = {
          name: plan.name,
          seed,
          calls: result.cases,
          unexplained: result.unexplained.length,
          named: [...result.named].filter(([, calls]) => calls > 0),
        };
        process.stderr.write(summaryOf(reported, seed, result));
        expect(explanationOf(reported, result)).toBe("");
        expect(result.unexplained).toHaveLength(0);
        const isRequired = (name: string): boolean =>
          !mayMiss.some((group) => name.startsWith(`${group}: `));
        expect(result.tally.missing.filter(isRequired)).toEqual([]);
        expect(result.cases).toBeGreaterThanOrEqual(suite.least ?? 1);
        suite.check?.(result);
        const unmet = [...result.named].filter(([, count]) => count === 0);
        // A deliberate difference that never occurs does not belong in the table.
        if (suite.needsAllNamed === true) expect(unmet).toEqual([]);
      });
    },
  );
}
