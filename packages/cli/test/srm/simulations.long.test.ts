import { seededRandom } from "@sortition/proof";
import { describe, expect, it } from "vitest";
import { FirstExposures } from "../../src/srm/first-exposures.js";
import { SrmRows } from "../../src/srm/srm-work.js";
import { type ExperimentVerdict, judgeExperiment } from "../../src/srm/verdict.js";

const EXPERIMENTS = 1_000;

const START_MS = Date.parse("2026-02-01T00:00:00Z");
const DAY_MS = 86_400_000;
const COMMON = {
  flag: "checkout",
  allocation: "split",
  experiment: null,
  attributes: { plan: "free" },
  messageId: null,
  isForced: false,
  choice: null,
};

function judge(configured: number, share: number, subjects: number, seed: number) {
  const random = seededRandom(seed);
  const exposures = new SrmRows(["plan"]);
  for (let i = 0; i < subjects; i++) {
    const variation = random() < share ? "a" : "b";
    exposures.add({
      ...COMMON,
      subject: `user-${i}`,
      variation,
      timeMs: START_MS + (i % 10) * DAY_MS,
    });
  }
  const firsts = new FirstExposures(["plan"]);
  firsts.add(exposures);
  const [experiment] = firsts.experiments;
  const byVariation = new Map([
    ["a", configured],
    ["b", 1 - configured],
  ]);
  const allocation = {
    key: "split",
    window: null,
    rules: [],
    splits: [],
    traffic: { byVariation, unassigned: 0 },
    isLogged: true,
  };
  const flag = {
    key: "checkout",
    valueType: "string" as const,
    isEnabled: true,
    isHashed: false,
    variations: [],
    allocations: [allocation],
    problem: null,
  };
  const context = { flag, publishedAtMs: null, attributes: ["plan"] };
  return judgeExperiment(experiment as NonNullable<typeof experiment>, context);
}

function mismatches(verdicts: readonly ExperimentVerdict[]): number {
  return verdicts.filter(({ verdict }) => verdict === "mismatch").length;
}

describe("simulated experiments", () => {
  it("that are split as configured have 3 mismatches in 1,000 at most", () => {
    const verdicts = Array.from({ length: EXPERIMENTS }, (_, i) => {
      const share = [0.5, 0.95, 0.3][i % 3] ?? 0.5;
      return judge(share, share, 1_000, i + 1);
    });
    expect(mismatches(verdicts)).toBeLessThanOrEqual(3);
  });

  // At 50:50 the power of any test at 0.001 is 88 % here: a point is 4.5 standard deviations, and 3.3 are needed.
  it.each([
    { configured: 0.9, atLeast: 0.99 },
    { configured: 0.95, atLeast: 0.99 },
    { configured: 0.5, atLeast: 0.7 },
  ])(
    "of $configured that are a point off are found among 50,000 subjects",
    ({ atLeast, configured }) => {
      const verdicts = Array.from({ length: 20 }, (_, i) =>
        judge(configured, configured - 0.01, 50_000, i + 1),
      );
      expect(mismatches(verdicts) / verdicts.length).toBeGreaterThanOrEqual(atLeast);
    },
  );
});
