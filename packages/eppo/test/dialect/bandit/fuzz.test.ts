import { runsOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { MODELS_FUZZ } from "./fuzz-plan.js";

for (const run of runsOf(
  { seed: seedOr(9), rounds: 160 },
  { seed: seedOr(210_690_411), rounds: 3_000 },
)) {
  describeFuzzer(MODELS_FUZZ, run);
}
