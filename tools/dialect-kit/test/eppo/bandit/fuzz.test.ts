import { seedOr } from "../../../src/differential/random.js";
import { describeFuzzer } from "../../../src/fuzz/describe.js";
import { MODELS_FUZZ } from "./fuzz-plan.js";

describeFuzzer(MODELS_FUZZ, { seed: seedOr(9), rounds: 160 });
