import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { PLAN } from "./plan.js";

const SEED = seedOr(20_260_820);

// A sample. The long run has more cases.
describeDifferential(PLAN, {
  seed: SEED,
  extent: { payloads: 160, contextsEach: 4 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(4_000),
});
