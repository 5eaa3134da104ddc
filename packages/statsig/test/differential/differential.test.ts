import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { planOf } from "./plan.js";

const SEED = seedOr(20_261_128);
const SAMPLE = { seed: SEED, mayMiss: ["reasons", "operators"] };

// Samples. The long run has more cases. A client of the SDK for version 2 takes long to start.
describeDifferential(planOf("core"), {
  ...SAMPLE,
  extent: { payloads: 9, usersEach: 10 },
  check: ({ cases }) => expect(cases).toBe(1_530),
});
describeDifferential(planOf("legacy"), {
  ...SAMPLE,
  extent: { payloads: 15, usersEach: 10 },
  check: ({ cases }) => expect(cases).toBe(2_550),
});
