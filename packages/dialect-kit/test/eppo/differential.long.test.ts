import { expect } from "vitest";
import { describeDifferential } from "../../src/differential/describe.js";
import { seedOr } from "../../src/differential/random.js";
import { FLAGS_PLAN } from "./plan.js";

// 21 000 pairs of configuration and subject, the same in every run.
describeDifferential(FLAGS_PLAN, {
  seed: seedOr(20_251_120),
  extent: { configurations: 1_000, subjectsEach: 21 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(60_000),
});

// 200 000 pairs, with a new seed for each run unless one is given, to try what a fixed seed does not.
describeDifferential(FLAGS_PLAN, {
  seed: seedOr(Date.now() % 1_000_000_000),
  extent: { configurations: 5_000, subjectsEach: 40 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(590_000),
  needsAllNamed: true,
});
