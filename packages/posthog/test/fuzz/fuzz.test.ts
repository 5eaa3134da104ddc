import { seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FUZZ_PLAN } from "./plan.js";

describeFuzzer(FUZZ_PLAN, { seed: seedOr(20_251_122), rounds: 100 });
