import { seedOr } from "@sortition/dialect-kit/differential";
import { describeExplanations } from "./explanations.js";

describeExplanations({ seed: seedOr(20_251_120), cases: 500, subjectsEach: 3 });
