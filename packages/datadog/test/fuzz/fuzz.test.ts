import { seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FUZZ_PLAN } from "./fuzz-plan.js";

// A sample: the long run has more rounds.
describeFuzzer(FUZZ_PLAN, { seed: seedOr(20_261_126), rounds: 500 });
