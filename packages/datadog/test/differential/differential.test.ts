import { describeDifferential, runOf, seedOr } from "@sortition/dialect-kit/differential";
import { PLAN } from "./plan.js";

/** Configurations of the long test, with 25 calls each. */
const LONG = Number(process.env["SORTITION_CONFIGURATIONS"] ?? 2_000);

// A sample. The long test has more cases.
describeDifferential(
  PLAN,
  runOf(
    { seed: seedOr(20_261_126), extent: { configurations: 300, callsEach: 10 }, least: 3_000 },
    {
      seed: seedOr(20_261_127),
      extent: { configurations: LONG, callsEach: 25 },
      least: 25 * LONG,
      needsAllNamed: true,
    },
  ),
);
