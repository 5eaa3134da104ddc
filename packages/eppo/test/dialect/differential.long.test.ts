import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { FLAGS_PLAN } from "./plan.js";

// 21,000 pairs of configuration and subject, the same in every run.
describeDifferential(FLAGS_PLAN, {
  seed: seedOr(20_251_120),
  extent: { configurations: 1_000, subjectsEach: 21 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(60_000),
});

// 60,000 pairs. The seed is fixed, so that findings depend on the change and not on the time.
// `SORTITION_SEED` sets another one.
describeDifferential(FLAGS_PLAN, {
  seed: seedOr(210_690_412),
  extent: { configurations: 1_500, subjectsEach: 40 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(175_000),
  needsAllNamed: true,
});
