import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { isWhole } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { PLAN } from "./plan.js";

// Hides what both packages report about unusable values.
beforeAll(() => {
  for (const name of ["error", "warn"] as const) vi.spyOn(console, name).mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

const CASES = isWhole ? 300 : 100;
const seed = seedOr(20_261_121);

// A sample. The long run has more programs.
describeDifferential(PLAN, {
  seed,
  extent: CASES,
  check: ({ cases }) => expect(cases).toBe(CASES),
});
