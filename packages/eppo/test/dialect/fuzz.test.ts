import { runOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { isWhole } from "@sortition/test-kit";
import { FLAGS_FUZZ } from "./fuzz-plan.js";

describeFuzzer(
  FLAGS_FUZZ,
  runOf(
    { seed: seedOr(9), rounds: isWhole ? 600 : 80 },
    { seed: seedOr(210_690_411), rounds: 3_000 },
  ),
);
