import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { FLAGS_PLAN } from "./plan.js";

describeDifferential(FLAGS_PLAN, {
  seed: seedOr(20_251_120),
  // Many configurations with few subjects, because most edge cases are in configurations.
  extent: { configurations: 460, subjectsEach: 3 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(4_000),
});
