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

const seed = seedOr(20_261_120);

// A sample. The long run has more cases.
describeDifferential(PLAN, {
  seed,
  extent: { payloads: 100, sessionsEach: 9 },
  check: (result) => expect(answersIn(result)).toBeGreaterThanOrEqual(4_000),
});
