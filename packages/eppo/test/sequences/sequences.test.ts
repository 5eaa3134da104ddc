import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { isWhole } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, vi } from "vitest";
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
describeDifferential(PLAN, {
  seed: seedOr(20_261_125),
  extent: CASES,
  check: ({ cases }) => expect(cases).toBe(CASES),
});
