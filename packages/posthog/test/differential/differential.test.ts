import { describeDifferential, runsOf, seedOr } from "@sortition/dialect-kit/differential";
import { EVALUATION_PLAN } from "./plan.js";

// A sample. The long test has more cases.
for (const run of runsOf(
  { seed: seedOr(20_251_120), extent: { sets: 200, peopleEach: 2 }, least: 1_600 },
  {
    ...{ seed: seedOr(20_251_121), extent: { sets: 700, peopleEach: 7 }, least: 20_000 },
    needsAllNamed: true,
  },
  { seed: seedOr(210_690_194), extent: { sets: 1_000, peopleEach: 20 }, least: 80_000 },
)) {
  describeDifferential(EVALUATION_PLAN, run);
}
