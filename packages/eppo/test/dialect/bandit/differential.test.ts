import {
  describeDifferential,
  isSeedGiven,
  runDifferential,
  seedOr,
} from "@sortition/dialect-kit/differential";
import { describe, expect, it, vi } from "vitest";
import { BANDITS_PLAN, type ModelsSabotage } from "./plan.js";

const SEED = seedOr(20_261_120);

const SABOTAGES: readonly { readonly name: string; readonly sabotage: ModelsSabotage }[] = [
  {
    name: "intercept",
    sabotage: (text) => text.replace(/"intercept":[\d.e-]+/g, '"intercept":0.5'),
  },
  {
    name: "gamma",
    sabotage: (text) => text.replace(/"gamma":1,/g, '"gamma":1.0000001,'),
  },
  {
    name: "floor",
    sabotage: (text) => text.replace(/("actionProbabilityFloor":0\.\d+)/g, "$1001"),
  },
  {
    name: "missing values",
    sabotage: (text) =>
      text.replace(/"missingValueCoefficient":0\./g, '"missingValueCoefficient":1.'),
  },
];

describeDifferential(BANDITS_PLAN, {
  seed: SEED,
  extent: { models: 100, calls: 4_000, isDeduplicated: false },
  brief: { models: 20, calls: 1_000, isDeduplicated: false },
  sabotages: SABOTAGES,
  mayMiss: isSeedGiven() ? ["edges"] : [],
});

describe("events of bandits, compared with the vendor's", () => {
  it("are the same with caches that expire", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const extent = { models: 20, calls: 1_500, isDeduplicated: true };
      const result = await runDifferential(BANDITS_PLAN, { seed: SEED + 1, extent });
      expect(result.unexplained).toEqual([]);
      expect(result.cases).toBeGreaterThan(750);
    } finally {
      vi.useRealTimers();
    }
  });
});
