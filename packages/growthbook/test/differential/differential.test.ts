import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { PLAN } from "./plan.js";
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
  extent: { payloads: 500, sessionsEach: 8 },
  brief: { payloads: 100, sessionsEach: 6 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(4_000),
  sabotages: SABOTAGES,
});
