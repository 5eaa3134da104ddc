import { describeDifferential, runsOf, seedOr } from "@sortition/dialect-kit/differential";
import { isWhole } from "@sortition/test-kit";
import { afterAll, beforeAll, vi } from "vitest";
import { PLAN } from "./plan.js";

// The vendor's evaluator logs failures.
beforeAll(() => {
  vi.spyOn(console, "error").mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

const CASES = isWhole ? 400 : 100;

// A sample. The long test has more programs.
for (const run of runsOf(
  { seed: seedOr(20_261_125), extent: CASES, least: CASES },
  { seed: seedOr(20_261_125), extent: 1_500, least: 1_500 },
  { seed: seedOr(212_514_133), extent: 5_000, least: 5_000 },
)) {
  describeDifferential(PLAN, run);
}
