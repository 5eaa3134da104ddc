import { runsOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { isWhole } from "@sortition/test-kit";
import { FLAGS_FUZZ } from "./fuzz-plan.js";

for (const run of runsOf(
  { seed: seedOr(9), rounds: isWhole ? 600 : 150 },
  { seed: seedOr(210_690_411), rounds: 6_000 },
)) {
  describeFuzzer(FLAGS_FUZZ, run);
}
