import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { EVALUATION_PLAN } from "./plan.js";

// Uses the same seed in every run.
describeDifferential(EVALUATION_PLAN, {
  seed: seedOr(20_251_121),
  extent: { sets: 700, peopleEach: 7 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(20_000),
  needsAllNamed: true,
});

// Uses a new seed for each run unless one is given, to cover more than a fixed seed does.
describeDifferential(EVALUATION_PLAN, {
  seed: seedOr(210_690_194),
  extent: { sets: 1_000, peopleEach: 20 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(80_000),
});
