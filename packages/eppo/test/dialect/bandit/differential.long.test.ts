import { describeDifferential, isSeedGiven, seedOr } from "@sortition/dialect-kit/differential";
import { BANDITS_PLAN } from "./plan.js";

describeDifferential(BANDITS_PLAN, {
  seed: seedOr(20_261_120),
  extent: { models: 100, calls: 20_000, isDeduplicated: false },
  // The fixed seed covers every edge. Another seed may miss a rare one.
  mayMiss: isSeedGiven() ? ["edges"] : [],
  needsAllNamed: !isSeedGiven(),
});

describeDifferential(BANDITS_PLAN, {
  seed: seedOr(210_690_413),
  extent: { models: 100, calls: 5_000, isDeduplicated: true },
  // The plan omits calls where only one SDK chooses an action.
  mayMiss: ["edges"],
});
