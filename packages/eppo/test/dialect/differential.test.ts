import { describeDifferential, runOf, seedOr } from "@sortition/dialect-kit/differential";
import { FLAGS_PLAN } from "./plan.js";

// A sample, which has many configurations with few subjects, because most edge cases are in
// configurations. The long test has more cases.
describeDifferential(
  FLAGS_PLAN,
  runOf(
    { seed: seedOr(20_251_120), extent: { configurations: 460, subjectsEach: 3 }, least: 4_000 },
    {
      seed: seedOr(210_690_412),
      extent: { configurations: 1_000, subjectsEach: 21 },
      least: 60_000,
      needsAllNamed: true,
    },
  ),
);
