import { describeDifferential, oneOf, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { PLAN } from "./plan.js";
import { SABOTAGES } from "./sabotage.js";

const seed = seedOr(20_261_126);

// A sample: the long run has more cases, and all sabotages.
describeDifferential(PLAN, {
  seed,
  extent: { configurations: 300, callsEach: 10 },
  brief: { configurations: 300, callsEach: 10 },
  check: ({ cases }) => expect(cases).toBe(3_000),
  sabotages: oneOf(seed, SABOTAGES),
});
