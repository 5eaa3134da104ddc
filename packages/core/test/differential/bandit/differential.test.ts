import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { seedOr } from "../random.js";
import { type BanditRunResult, runBandits } from "./run.js";

const SEED = seedOr(20_261_120);
const MODELS = 100;
const CALLS = 20_000;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterAll(() => {
  vi.useRealTimers();
});

describe(`our bandits and the vendor's (SORTITION_SEED=${SEED})`, () => {
  it("choose, log and explain the same, but for deliberate differences", async () => {
    const run = { seed: SEED, models: MODELS, calls: CALLS, isDeduplicated: false };
    const result = await runBandits(run);
    process.stderr.write(summaryOf(result));
    expect(explanationOf(result)).toBe("");
    expect(result.calls).toBeGreaterThanOrEqual(5_000);
    expect(result.chosen).toBeGreaterThanOrEqual(5_000);
    expect(result.failed).toBeGreaterThan(100);
    expect(zeros(result.edges)).toEqual([]);
    // A deliberate difference that never shows has no business in the table.
    expect(zeros(result.deliberate)).toEqual([]);
  });

  it("log the same with caches that expire", async () => {
    const run = { seed: SEED + 1, models: 20, calls: 4_000, isDeduplicated: true };
    const result = await runBandits(run);
    expect(explanationOf(result)).toBe("");
    expect(result.chosen).toBeGreaterThan(1_000);
  });

  it.each([
    {
      part: "intercept",
      sabotage: (text: string) => text.replace(/"intercept":[\d.e-]+/g, '"intercept":0.5'),
    },
    {
      part: "gamma",
      sabotage: (text: string) => text.replace(/"gamma":1,/g, '"gamma":1.0000001,'),
    },
    {
      part: "floor",
      sabotage: (text: string) => text.replace(/("actionProbabilityFloor":0\.\d+)/g, "$1001"),
    },
    {
      part: "missing values",
      sabotage: (text: string) =>
        text.replace(/"missingValueCoefficient":0\./g, '"missingValueCoefficient":1.'),
    },
  ])("are told apart when the $part of our models is spoilt", async ({ sabotage }) => {
    const run = { seed: SEED, models: 20, calls: 1_000, isDeduplicated: false };
    const { unexplained } = await runBandits({ ...run, sabotage });
    expect(unexplained.length).toBeGreaterThan(0);
  });
});

function zeros(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].filter(([, count]) => count === 0).map(([name]) => name);
}

function summaryOf({
  calls,
  chosen,
  failed,
  statusQuo,
  edges,
  deliberate,
  unexplained,
}: BanditRunResult): string {
  const counted = (counts: ReadonlyMap<string, number>): string =>
    [...counts].map(([name, count]) => `${name} ${count}`).join(" · ");
  return [
    `eppo bandit differential: seed ${SEED}; ${MODELS} models, ${calls} calls: ${chosen} chosen, ${failed} failed, ${statusQuo} without an action; ${unexplained.length} unexplained differences`,
    `edges: ${counted(edges)}`,
    `deliberate differences: ${counted(deliberate)}`,
    "",
  ].join("\n");
}

/** Some unexplained differences, with what is needed to look into them. */
function explanationOf({ unexplained }: BanditRunResult): string {
  return unexplained
    .slice(0, 3)
    .map(({ case: { call, edges }, differences }) => {
      const { flag: _, ...asked } = call;
      return `${inspect(differences, { depth: 6 })}\n${inspect(asked, { depth: 5 })}\n${edges}`;
    })
    .join("\n\n");
}
