import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { PLAN } from "./plan.js";

const seed = seedOr(20_261_126);

// A sample. The long run has more cases.
describeDifferential(PLAN, {
  seed,
  extent: { configurations: 300, callsEach: 10 },
  check: ({ cases }) => expect(cases).toBe(3_000),
});
