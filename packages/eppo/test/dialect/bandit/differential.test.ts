import {
  describeDifferential,
  isSeedGiven,
  runDifferential,
  seedOr,
} from "@sortition/dialect-kit/differential";
import { describe, expect, it, vi } from "vitest";
import { BANDITS_PLAN } from "./plan.js";

const SEED = seedOr(20_261_120);

describeDifferential(BANDITS_PLAN, {
  seed: SEED,
  extent: { models: 100, calls: 4_000, isDeduplicated: false },
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
