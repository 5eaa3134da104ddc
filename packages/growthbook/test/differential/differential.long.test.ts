import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { answersIn, PLAN } from "./plan.js";

// Hides the vendor's reports of malformed parts.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
});

describeDifferential(PLAN, {
  seed: seedOr(20_261_120),
  extent: { payloads: 500, sessionsEach: 9 },
  check: (result) => expect(answersIn(result)).toBeGreaterThanOrEqual(20_000),
});

describeDifferential(PLAN, {
  seed: seedOr(1_204_417),
  extent: { payloads: 2_000, sessionsEach: 10 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(20_000),
});

describeDifferential(PLAN, {
  seed: seedOr(210_549_574),
  extent: { payloads: 6_000, sessionsEach: 10 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(60_000),
});
