import { seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { MODELS_FUZZ } from "./fuzz-plan.js";

describeFuzzer(MODELS_FUZZ, { seed: seedOr(9), rounds: 160 });
