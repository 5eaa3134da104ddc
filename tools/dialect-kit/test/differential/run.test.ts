import { describe, expect, it } from "vitest";
import type { DifferentialPlan, Tally } from "../../src/differential/plan.js";
import { runDifferential } from "../../src/differential/run.js";

interface Sum {
  readonly ours: number;
  readonly vendor: number;
}

/** Sums of numbers from 0. With the sabotage, our results are wrong from 3 on. */
const SUMS: DifferentialPlan<Sum, number, "wrong"> = {
  name: "sums",
  named: [],
  async *cases(_, extent, sabotage) {
    for (let i = 0; i < extent; i++) {
      yield { ours: sabotage !== null && i >= 3 ? -i : i + i, vendor: i + i };
    }
  },
  createTally: (): Tally<Sum> => ({ add() {}, missing: [] }),
  show: ({ vendor }) => String(vendor),
};

describe("runDifferential", () => {
  it("compares all cases of the extent", async () => {
    const { cases, unexplained } = await runDifferential(SUMS, {
      seed: 1,
      extent: 10,
      sabotage: "wrong",
    });
    expect([cases, unexplained.length]).toEqual([10, 7]);
  });

  it("ends with the first case that shows the fault", async () => {
    const { cases, unexplained } = await runDifferential(SUMS, {
      seed: 1,
      extent: 10,
      sabotage: "wrong",
      until: ({ case: { vendor } }) => vendor >= 10,
    });
    expect([cases, unexplained.length]).toEqual([6, 3]);
  });

  it("ends after the given number of cases", async () => {
    const run = { seed: 1, extent: 10, mostCases: 4 };
    expect((await runDifferential(SUMS, run)).cases).toBe(4);
    expect((await runDifferential(SUMS, { ...run, extent: 2 })).cases).toBe(2);
  });
});
