import { describeDifferential, runOf, seedOr } from "@sortition/dialect-kit/differential";
import { PLAN } from "./plan.js";

// A sample. The long test has more cases.
describeDifferential(
  PLAN,
  runOf(
    { seed: seedOr(20_260_820), extent: { payloads: 160, contextsEach: 4 }, least: 4_000 },
    {
      seed: seedOr(91_728_000),
      extent: { payloads: 2_000, contextsEach: 10 },
      least: 116_000,
      needsAllNamed: true,
    },
  ),
);
