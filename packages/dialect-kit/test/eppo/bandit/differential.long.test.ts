import { describeDifferential } from "../../../src/differential/describe.js";
import { seedOr } from "../../../src/differential/random.js";
import { BANDITS_PLAN } from "./plan.js";

describeDifferential(BANDITS_PLAN, {
  seed: seedOr(20_261_120),
  extent: { models: 100, calls: 20_000, isDeduplicated: false },
  needsAllNamed: true,
});

describeDifferential(BANDITS_PLAN, {
  seed: seedOr(210_690_413),
  extent: { models: 100, calls: 20_000, isDeduplicated: true },
  // The run above, whose seed is fixed, requires every edge. A new seed may miss a rare one, and the plan leaves
  // out calls where only one SDK chooses.
  mayMiss: ["edges"],
});
