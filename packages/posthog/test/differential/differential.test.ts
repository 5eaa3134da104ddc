import { describeDifferential, runOf, seedOr } from "@sortition/dialect-kit/differential";
import { EVALUATION_PLAN } from "./plan.js";

// A sample. The long test has more cases.
describeDifferential(
  EVALUATION_PLAN,
  runOf(
    { seed: seedOr(20_251_120), extent: { sets: 200, peopleEach: 2 }, least: 1_600 },
    {
      seed: seedOr(210_690_194),
      extent: { sets: 800, peopleEach: 8 },
      least: 25_000,
      needsAllNamed: true,
    },
  ),
);
