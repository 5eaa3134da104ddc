import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ComparedCase } from "../differential/plan.js";
import { HOSTILE_VALUES, type HostileValue } from "./hostile-values.js";
import { mutationText } from "./mutation.js";
import type { FuzzPlan, FuzzSample } from "./plan.js";
import { type FuzzFinding, type FuzzResult, runFuzzer } from "./run.js";

/** A long run takes minutes, and several times as long on a busy machine. */
const TIMEOUT_MS = 1_800_000;

/** What {@link describeFuzzer} runs. */
export interface FuzzSuite {
  readonly seed: number;
  /** Number of mutations. */
  readonly rounds: number;
  /** Replacements of nodes. Default: all {@link HOSTILE_VALUES}. */
  readonly values?: readonly HostileValue[];
}

/**
 * Declares the test of one plan: both sides return the same for each mutated payload, except for
 * named differences. `Date` is a fake that the plan sets. Prints the seed and the counts.
 */
export function describeFuzzer<Sample extends FuzzSample, Case extends ComparedCase>(
  plan: FuzzPlan<Sample, Case>,
  { seed, rounds, values = HOSTILE_VALUES }: FuzzSuite,
): void {
  describe(`${plan.name} with one node replaced (SORTITION_SEED=${seed})`, () => {
    beforeAll(() => {
      vi.useFakeTimers({ toFake: ["Date"] });
    });

    afterAll(() => {
      vi.useRealTimers();
    });

    it(
      "returns the same on both sides, except for deliberate differences",
      async () => {
        const result = await runFuzzer(plan, { seed, rounds, values });
        process.stderr.write(summaryOf(plan.name, seed, result));
        expect(result.findings.map((finding) => reportOf(plan, finding)).join("\n\n")).toBe("");
        expect(result.rounds).toBe(rounds);
        const untried = [...result.values].filter(([, count]) => count === 0);
        expect(untried).toEqual([]);
        // A payload must not reach a prototype.
        expect(Reflect.get({}, "polluted")).toBeUndefined();
      },
      TIMEOUT_MS,
    );
  });
}

function summaryOf<Case>(name: string, seed: number, result: FuzzResult<Case>): string {
  const { rounds, calls, places, values, named, findings } = result;
  const counts = [...named].map(([reason, count]) => `${reason} ${count}`).join(" · ");
  return [
    `${name} fuzzer: seed ${seed}; ${rounds} mutations of ${places} kinds of nodes by ${values.size} values, ${calls} calls; ${findings.length} findings`,
    `deliberate differences: ${counts}`,
    "",
  ].join("\n");
}

/** Reports path and value, and how to repeat the finding. */
function reportOf<Sample extends FuzzSample, Case extends ComparedCase>(
  plan: FuzzPlan<Sample, Case>,
  { case: it, differences, mutation, seed, text }: FuzzFinding<Case>,
): string {
  return [
    `SORTITION_SEED=${seed}: ${mutationText(mutation)}`,
    text.slice(0, 3_000),
    inspect(differences, { depth: 4, maxStringLength: 300 }),
    plan.show(it).slice(0, 2_000),
  ].join("\n");
}
