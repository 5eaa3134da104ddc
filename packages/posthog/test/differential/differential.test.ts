import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { EVALUATION_PLAN } from "./plan.js";

// A sample. The long run has more cases.
describeDifferential(EVALUATION_PLAN, {
  seed: seedOr(20_251_120),
  extent: { sets: 200, peopleEach: 2 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(1_600),
});
