import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { answersIn, PLAN } from "./plan.js";
import { SABOTAGES } from "./sabotage.js";

// The vendor's SDK reports malformed parts.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
});

describeDifferential(PLAN, {
  seed: seedOr(20_261_120),
  extent: { payloads: 500, sessionsEach: 9 },
  brief: { payloads: 100, sessionsEach: 6 },
  check: (result) => expect(answersIn(result)).toBeGreaterThanOrEqual(20_000),
  sabotages: SABOTAGES,
});
