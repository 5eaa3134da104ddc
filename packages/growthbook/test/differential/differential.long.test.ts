import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { PLAN } from "./plan.js";

// The vendor's SDK reports malformed parts.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
});

describeDifferential(PLAN, {
  seed: seedOr(1_204_417),
  extent: { payloads: 2_000, sessionsEach: 10 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(20_000),
});

describeDifferential(PLAN, {
  seed: seedOr(210_549_574),
  extent: { payloads: 20_000, sessionsEach: 10 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(200_000),
});
