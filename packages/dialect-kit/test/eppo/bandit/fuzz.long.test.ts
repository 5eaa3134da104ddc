import { seedOr } from "../../../src/differential/random.js";
import { describeFuzzer } from "../../../src/fuzz/describe.js";
import { MODELS_FUZZ } from "./fuzz-plan.js";

describeFuzzer(MODELS_FUZZ, { seed: seedOr(Date.now() % 1_000_000_000), rounds: 3_000 });
