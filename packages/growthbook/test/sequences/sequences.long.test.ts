import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { PLAN } from "./plan.js";

// Hides what both packages report about unusable values.
beforeAll(() => {
  for (const name of ["error", "warn"] as const) vi.spyOn(console, name).mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

describeDifferential(PLAN, {
  seed: seedOr(20_261_121),
  extent: 1_500,
  check: ({ cases }) => expect(cases).toBe(1_500),
});

describeDifferential(PLAN, {
  seed: seedOr(210_593_066),
  extent: 10_000,
  check: ({ cases }) => expect(cases).toBe(10_000),
});
