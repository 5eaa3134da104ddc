import { runsOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FUZZ_PLAN } from "./fuzz-plan.js";

for (const run of runsOf(
  { seed: seedOr(20_261_121), rounds: 200 },
  { seed: seedOr(20_261_121), rounds: 2_000 },
)) {
  describeFuzzer(FUZZ_PLAN, run);
}
