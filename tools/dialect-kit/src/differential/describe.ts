import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ComparedCase, DifferentialPlan } from "./plan.js";
import { explanationOf, summaryOf } from "./report.js";
import { type DifferentialResult, runDifferential, type UnexplainedCase } from "./run.js";
import { useShortStacks } from "./short-stacks.js";

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
export interface DifferentialSuite<Case, Extent, Sabotage> {
  readonly seed: number;
  readonly extent: Extent;
  /** Further expectations of the run, for example minimum numbers of cases. */
  readonly check?: (result: DifferentialResult<Case>) => void;
  /** Groups of the tally that are too large for a short run to cover. */
  readonly mayMiss?: readonly string[];
  /** Whether each deliberate difference must have occurred. Only long runs cover all of them. */
  readonly needsAllNamed?: boolean;
  /** Faults inserted into our side. The comparison must find each of them. */
  readonly sabotages?: readonly { readonly name: string; readonly sabotage: Sabotage }[];
  /**
   * An extent that is enough to find each sabotage. The run ends with the first case that shows it.
   */
  readonly brief?: Extent;
  /** Whether a case shows that a fault was found. Default: true for each unexplained case. */
  readonly showsSabotage?: (found: UnexplainedCase<Case>) => boolean;
}

/**
 * Declares the tests of one plan: there are no unnamed differences, everything was covered, and
 * each sabotage is found. `Date` is a fake that the plan sets. Prints the seed and the counts.
 */
export function describeDifferential<Case extends ComparedCase, Extent, Sabotage>(
  plan: DifferentialPlan<Case, Extent, Sabotage>,
  suite: DifferentialSuite<Case, Extent, Sabotage>,
): void {
  const { seed, extent, sabotages = [], brief = extent, mayMiss = [] } = suite;
  const { showsSabotage = () => true } = suite;
  // The report uses members of the plan that depend neither on the extent nor on the sabotage.
  const reported = plan as unknown as DifferentialPlan<Case, never, never>;

  const options = { timeout: TIMEOUT_MS };

  describe(
    `${plan.name}, our client compared with the vendor's (SORTITION_SEED=${seed})`,
    options,
    () => {
      const found: string[] = [];
      /** Maximum number of cases that a sabotage needed. */
      let searched = 0;

      useShortStacks();
      beforeAll(() => {
        vi.useFakeTimers({ toFake: ["Date"] });
      });

      afterAll(() => {
        vi.useRealTimers();
        if (found.length === 0) return;
        process.stderr.write(`${plan.name} sabotage found in call: ${found.join(" · ")}\n`);
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
        suite.check?.(result);
        const unmet = [...result.named].filter(([, count]) => count === 0);
        // A deliberate difference that never occurs does not belong in the table.
        if (suite.needsAllNamed === true) expect(unmet).toEqual([]);
      });

      it.each(sabotages)(
        "differs when our side is sabotaged: $name",
        async ({ name, sabotage }) => {
          const run = { seed, extent: brief, sabotage, until: showsSabotage };
          const { cases, unexplained } = await runDifferential(plan, run);
          searched = Math.max(searched, cases);
          found.push(`${name} ${cases}`);
          expect(unexplained.filter(showsSabotage)).not.toHaveLength(0);
        },
      );

      it.runIf(sabotages.length > 0)("does not differ when nothing is sabotaged", async () => {
        // The tests above have set `searched`. If only this test runs, it runs all cases.
        const mostCases = searched === 0 ? Number.POSITIVE_INFINITY : searched;
        const { cases, unexplained } = await runDifferential(plan, {
          seed,
          extent: brief,
          mostCases,
        });
        expect(cases).toBeGreaterThanOrEqual(searched);
        expect(unexplained).toHaveLength(0);
      });
    },
  );
}
