import { runOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FUZZ_PLAN } from "./fuzz-plan.js";

describeFuzzer(
  FUZZ_PLAN,
  runOf({ seed: seedOr(20_261_126), rounds: 200 }, { seed: seedOr(20_261_127), rounds: 2_000 }),
);
