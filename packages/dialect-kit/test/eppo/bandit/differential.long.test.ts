import { describeDifferential } from "../../../src/differential/describe.js";
import { seedOr } from "../../../src/differential/random.js";
import { BANDITS_PLAN } from "./plan.js";

describeDifferential(BANDITS_PLAN, {
  seed: seedOr(20_261_120),
  extent: { models: 100, calls: 20_000, isDeduplicated: false },
  needsAllNamed: true,
});

describeDifferential(BANDITS_PLAN, {
  seed: seedOr(Date.now() % 1_000_000_000),
  extent: { models: 100, calls: 20_000, isDeduplicated: true },
  // Calls that are deduplicated leave out some of the edges, which the run above requires.
  mayMiss: ["edges"],
});
