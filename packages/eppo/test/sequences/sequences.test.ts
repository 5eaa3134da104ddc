import { describeDifferential, oneOf, seedOr } from "@sortition/dialect-kit/differential";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { PLAN, SABOTAGES } from "./plan.js";

// The vendor's evaluator logs failures.
beforeAll(() => {
  vi.spyOn(console, "error").mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

const seed = seedOr(20_261_125);

// A sample. The long test has more programs and all sabotages.
describeDifferential(PLAN, {
  seed,
  extent: 100,
  brief: 150,
  check: ({ cases }) => expect(cases).toBe(100),
  sabotages: oneOf(seed, SABOTAGES),
});
