import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { PLAN } from "./plan.js";

/** Number of configurations, with 25 calls each. */
const CONFIGURATIONS = Number(process.env["SORTITION_CONFIGURATIONS"] ?? 2_000);

describeDifferential(PLAN, {
  seed: seedOr(20_261_127),
  extent: { configurations: CONFIGURATIONS, callsEach: 25 },
  check: ({ cases }) => expect(cases).toBe(25 * CONFIGURATIONS),
  needsAllNamed: true,
});
