import { describeDifferential, runOf, seedOr } from "@sortition/dialect-kit/differential";
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

const CASES = isWhole ? 400 : 50;

// A sample. The long test has more programs.
describeDifferential(
  PLAN,
  runOf(
    { seed: seedOr(20_261_125), extent: CASES, least: CASES },
    { seed: seedOr(212_514_133), extent: 2_000, least: 2_000 },
  ),
);
