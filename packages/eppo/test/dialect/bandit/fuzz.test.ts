import { runOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { isWhole } from "@sortition/test-kit";
import { MODELS_FUZZ } from "./fuzz-plan.js";

describeFuzzer(
  MODELS_FUZZ,
  runOf(
    { seed: seedOr(9), rounds: isWhole ? 160 : 80 },
    { seed: seedOr(210_690_411), rounds: 1_500 },
  ),
);
