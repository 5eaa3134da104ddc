import { seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { FLAGS_FUZZ } from "./fuzz-plan.js";

describeFuzzer(FLAGS_FUZZ, { seed: seedOr(210_690_411), rounds: 6_000 });
