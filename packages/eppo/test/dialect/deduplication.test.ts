import { Random, seedOr } from "@sortition/dialect-kit/differential";
import { describe, expect, it } from "vitest";
import { DEDUPLICATION_DIFFERENCES } from "./deduplication-differences.js";
import { CACHES, generateSteps, NON_EXPIRING, runSequence } from "./sequences.js";

const SEED = seedOr(7);
const SEQUENCES = 20;

describe(`events of sequences, compared with the vendor's (seed ${SEED})`, () => {
  it.each(CACHES)("are the same with a cache of $name", async (cache) => {
    const random = new Random(SEED);
    let events = 0;
    for (let i = 0; i < SEQUENCES; i++) {
      const { ours, vendor } = await runSequence(cache, generateSteps(random, 0));
      expect(ours).toEqual(vendor);
      events += vendor.filter((summary) => summary !== "").length;
    }
    expect(events).toBeGreaterThan(SEQUENCES);
  });

  it("are the same while the logger fails", async () => {
    const random = new Random(SEED);
    for (let i = 0; i < SEQUENCES; i++) {
      const { ours, vendor } = await runSequence(NON_EXPIRING, generateSteps(random, 0.4));
      expect(ours).toEqual(vendor);
    }
  });

  it.each(DEDUPLICATION_DIFFERENCES)(
    "differ on purpose: $name, because $because",
    async ({ cache, steps, ours, vendor }) => {
      const result = await runSequence(cache, steps);
      expect(result.ours.map(Boolean)).toEqual(ours);
      expect(result.vendor.map(Boolean)).toEqual(vendor);
    },
  );
});
