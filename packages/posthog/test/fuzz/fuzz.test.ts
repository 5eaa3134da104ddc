import { runsOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FUZZ_PLAN } from "./plan.js";

for (const run of runsOf(
  { seed: seedOr(20_251_122), rounds: 100 },
  { seed: seedOr(77), rounds: 2_000 },
  { seed: seedOr(20_251_122), rounds: 400 },
)) {
  describeFuzzer(FUZZ_PLAN, run);
}
