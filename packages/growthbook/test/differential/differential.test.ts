import {
  type DifferentialResult,
  describeDifferential,
  runOf,
  seedOr,
} from "@sortition/dialect-kit/differential";
import { afterAll, beforeAll, expect, vi } from "vitest";
import type { Case } from "./deliberate.js";
import { answersIn, PLAN } from "./plan.js";

// Hides the vendor's reports of malformed parts.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** Expects a minimum number of evaluations, of which a session has several. */
const atLeast = (answers: number) => (result: DifferentialResult<Case>) =>
  void expect(answersIn(result)).toBeGreaterThanOrEqual(answers);

// A sample. The long test has more cases.
describeDifferential(
  PLAN,
  runOf(
    { seed: seedOr(20_261_120), extent: { payloads: 100, sessionsEach: 9 }, check: atLeast(4_000) },
    {
      seed: seedOr(210_549_574),
      extent: { payloads: 2_000, sessionsEach: 10 },
      check: atLeast(80_000),
    },
  ),
);
