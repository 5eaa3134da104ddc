import { runOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FUZZ_PLAN } from "./plan.js";

describeFuzzer(
  FUZZ_PLAN,
  runOf({ seed: seedOr(20_251_122), rounds: 100 }, { seed: seedOr(77), rounds: 1_500 }),
);
