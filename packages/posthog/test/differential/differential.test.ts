import { describeDifferential, oneOf, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { EVALUATION_PLAN } from "./plan.js";
import { SABOTAGES } from "./sabotage.js";

const SEED = seedOr(20_251_120);

// A sample. The long run has more cases and all sabotages.
describeDifferential(EVALUATION_PLAN, {
  seed: SEED,
  extent: { sets: 200, peopleEach: 2 },
  brief: { sets: 800, peopleEach: 3 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(1_600),
  sabotages: oneOf(SEED, SABOTAGES),
});
