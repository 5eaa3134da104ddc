import { describeDifferential, oneOf, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { FLAGS_PLAN } from "./plan.js";
import { OPERATOR_SABOTAGES } from "./sabotage.js";

const SEED = seedOr(20_251_120);

describeDifferential(FLAGS_PLAN, {
  ...OPERATOR_SABOTAGES,
  seed: SEED,
  // Many configurations with few subjects, because most edge cases are in configurations.
  extent: { configurations: 460, subjectsEach: 3 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(4_000),
  sabotages: oneOf(SEED, OPERATOR_SABOTAGES.sabotages),
});
