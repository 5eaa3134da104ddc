import { describeDifferential, oneOf, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { PLAN } from "./plan.js";
import { SABOTAGES } from "./sabotage.js";

const seed = seedOr(20_261_120);

// A sample. The long test has more cases and all sabotages.
describeDifferential(PLAN, {
  seed,
  extent: { configurations: 150, callsEach: 20 },
  brief: { configurations: 160, callsEach: 6 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(3_000),
  sabotages: oneOf(seed, SABOTAGES),
});
