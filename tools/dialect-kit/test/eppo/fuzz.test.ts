import { seedOr } from "../../src/differential/random.js";
import { describeFuzzer } from "../../src/fuzz/describe.js";
import { FLAGS_FUZZ } from "./fuzz-plan.js";

describeFuzzer(FLAGS_FUZZ, { seed: seedOr(9), rounds: 100 });
