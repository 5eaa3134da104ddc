import { seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FUZZ_PLAN } from "./fuzz-plan.js";

// A sample. The long test has more rounds.
describeFuzzer(FUZZ_PLAN, { seed: seedOr(20_261_121), rounds: 200 });
