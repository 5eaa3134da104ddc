import { expect, it } from "vitest";
import type { DifferentialPlan, Tally } from "../../src/differential/plan.js";
import { runDifferential } from "../../src/differential/run.js";

interface Sum {
  readonly ours: number;
  readonly vendor: number;
}

/** Sums of numbers from 0. Our results are wrong from 3 on. */
const SUMS: DifferentialPlan<Sum, number> = {
  name: "sums",
  named: [],
  async *cases(_, extent) {
    for (let i = 0; i < extent; i++) yield { ours: i >= 3 ? -i : i + i, vendor: i + i };
  },
  createTally: (): Tally<Sum> => ({ add() {}, missing: [] }),
  show: ({ vendor }) => String(vendor),
};

it("compares all cases of the extent", async () => {
  const { cases, unexplained } = await runDifferential(SUMS, { seed: 1, extent: 10 });
  expect([cases, unexplained.length]).toEqual([10, 7]);
});
