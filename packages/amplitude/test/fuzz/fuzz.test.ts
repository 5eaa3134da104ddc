import { runOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { isWhole } from "@sortition/test-kit";
import { FUZZ_PLAN } from "./fuzz-plan.js";

describeFuzzer(
  FUZZ_PLAN,
  runOf(
    { seed: seedOr(20_261_121), rounds: isWhole ? 200 : 100 },
    { seed: seedOr(20_261_121), rounds: 1_000 },
  ),
);
