import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { EVALUATION_PLAN } from "./plan.js";
import { SABOTAGES } from "./sabotage.js";

describeDifferential(EVALUATION_PLAN, {
  seed: seedOr(20_251_120),
  extent: { sets: 500, peopleEach: 2 },
  brief: { sets: 160, peopleEach: 3 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(4_000),
  sabotages: SABOTAGES,
});
