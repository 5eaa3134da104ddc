import {
  type DifferentialResult,
  describeDifferential,
  runsOf,
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
for (const run of runsOf(
  { seed: seedOr(20_261_120), extent: { payloads: 100, sessionsEach: 9 }, check: atLeast(4_000) },
  { seed: seedOr(20_261_120), extent: { payloads: 500, sessionsEach: 9 }, check: atLeast(20_000) },
  { seed: seedOr(1_204_417), extent: { payloads: 2_000, sessionsEach: 10 }, least: 20_000 },
  { seed: seedOr(210_549_574), extent: { payloads: 6_000, sessionsEach: 10 }, least: 60_000 },
)) {
  describeDifferential(PLAN, run);
}
