import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { PLAN } from "./plan.js";

// The vendor's evaluator logs failures.
beforeAll(() => {
  vi.spyOn(console, "error").mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

describeDifferential(PLAN, {
  seed: seedOr(20_261_125),
  extent: 1_500,
  check: ({ cases }) => expect(cases).toBe(1_500),
});

describeDifferential(PLAN, {
  seed: seedOr(212_514_133),
  extent: 5_000,
  check: ({ cases }) => expect(cases).toBe(5_000),
});
