import { seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { MODELS_FUZZ } from "./fuzz-plan.js";

describeFuzzer(MODELS_FUZZ, { seed: seedOr(210_690_411), rounds: 3_000 });
