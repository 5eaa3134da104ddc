import { expect } from "vitest";
import { describeDifferential } from "../../src/differential/describe.js";
import { seedOr } from "../../src/differential/random.js";
import { OPERATOR_NAMES } from "./condition-values.js";
import { FLAGS_PLAN } from "./plan.js";
import { breakOperator } from "./sabotage.js";

describeDifferential(FLAGS_PLAN, {
  seed: seedOr(20_251_120),
  // 4 000 pairs of configuration and subject. Most edge cases are in configurations, so there are many.
  extent: { configurations: 1_000, subjectsEach: 4 },
  brief: { configurations: 160, subjectsEach: 10 },
  mayMiss: ["operator × attribute"],
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(10_000),
  sabotages: OPERATOR_NAMES.map((operator) => ({
    name: `operator ${operator}`,
    sabotage: (configuration) => breakOperator(configuration, operator),
  })),
  // The rule in the details is a copy of the payload, not a result.
  showsSabotage: ({ differences }) => differences.some(({ path }) => !path.includes("matchedRule")),
});
