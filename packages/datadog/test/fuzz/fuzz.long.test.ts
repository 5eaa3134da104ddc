import { seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FUZZ_PLAN } from "./fuzz-plan.js";

const ROUNDS = Number(process.env["SORTITION_FUZZ_ROUNDS"] ?? 2_000);

describeFuzzer(FUZZ_PLAN, { seed: seedOr(20_261_127), rounds: ROUNDS });
