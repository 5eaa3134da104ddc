import { describeDifferential, runOf, seedOr } from "@sortition/dialect-kit/differential";
import { isWhole } from "@sortition/test-kit";
import { afterAll, beforeAll, vi } from "vitest";
import { PLAN } from "./plan.js";

// Hides what both packages report about unusable values.
beforeAll(() => {
  for (const name of ["error", "warn"] as const) vi.spyOn(console, name).mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

const CASES = isWhole ? 300 : 50;

// A sample. The long test has more programs.
describeDifferential(
  PLAN,
  runOf(
    { seed: seedOr(20_261_121), extent: CASES, least: CASES },
    { seed: seedOr(210_593_066), extent: 4_000, least: 4_000 },
  ),
);
