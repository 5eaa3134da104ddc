import { describeDifferential, runsOf, seedOr } from "@sortition/dialect-kit/differential";
import { PLAN } from "./plan.js";

// A sample. The long test has more cases.
for (const run of runsOf(
  { seed: seedOr(20_261_120), extent: { configurations: 150, callsEach: 20 }, least: 3_000 },
  { seed: seedOr(20_261_120), extent: { configurations: 1_000, callsEach: 22 }, least: 22_000 },
  { seed: seedOr(210_413_376), extent: { configurations: 3_000, callsEach: 25 }, least: 75_000 },
)) {
  describeDifferential(PLAN, run);
}
