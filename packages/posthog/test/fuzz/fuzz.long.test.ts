import { seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FUZZ_PLAN } from "./plan.js";

describeFuzzer(FUZZ_PLAN, { seed: seedOr(Date.now() % 1_000_000_000), rounds: 2_000 });
