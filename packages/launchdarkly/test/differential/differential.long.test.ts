import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { PLAN } from "./plan.js";

// Uses the same seed in every run.
describeDifferential(PLAN, {
  seed: seedOr(20_260_821),
  extent: { payloads: 1_000, contextsEach: 4 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(20_000),
});

// Uses a new seed for each run unless one is given, to cover more than a fixed seed does.
describeDifferential(PLAN, {
  seed: seedOr(91_728_000),
  extent: { payloads: 2_000, contextsEach: 10 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(116_000),
  needsAllNamed: true,
});
