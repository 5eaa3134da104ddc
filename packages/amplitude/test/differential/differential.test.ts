import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { PLAN } from "./plan.js";

// A sample. The long test has more cases.
describeDifferential(PLAN, {
  seed: seedOr(20_261_120),
  extent: { configurations: 150, callsEach: 20 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(3_000),
});
