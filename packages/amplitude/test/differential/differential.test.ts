import { describeDifferential, runOf, seedOr } from "@sortition/dialect-kit/differential";
import { PLAN } from "./plan.js";

// A sample. The long test has more cases.
describeDifferential(
  PLAN,
  runOf(
    { seed: seedOr(20_261_120), extent: { configurations: 150, callsEach: 20 }, least: 3_000 },
    { seed: seedOr(210_413_376), extent: { configurations: 1_500, callsEach: 22 }, least: 33_000 },
  ),
);
