import { type Explanation, howOf } from "@sortition/core/dialect";
import { expect } from "vitest";
import type { DialectCheck } from "./check.js";
import { askDetails, VALUE_TYPES } from "./getters.js";
import { clientOf, configurationOf } from "./payloads.js";

/** Rules about descriptions and explanations, for dialects that have an explainer. */
export const EXPLANATIONS: readonly DialectCheck[] = [
  {
    name: "describes each of its flags",
    async check(harness) {
      const { explainer } = harness;
      if (explainer === undefined) return;
      const configuration = await configurationOf(harness);
      for (const key of configuration.flagKeys) {
        const description = explainer.describe(configuration, key);
        expect(description).toMatchObject({ key, problem: null });
        expect(explainer.payloadKey(configuration, key)).toBe(key);
        const flag = configuration.flag(key);
        if (flag === null) continue;
        // A disabled flag without a type may be off for getters of any type.
        if (flag.valueType !== null || description.isEnabled) {
          expect(description.valueType).toBe(flag.valueType);
        }
        expect(explainer.hashedBy(configuration, flag)).not.toBeUndefined();
      }
      expect(explainer.payloadKey(configuration, "no such flag")).toBeNull();
      expect(Array.isArray(explainer.describeBandits(configuration))).toBe(true);
    },
  },
  {
    name: "returns the same result under observation, and explains that result",
    async check(harness) {
      const { explainer } = harness;
      if (explainer === undefined) return;
      const configuration = await configurationOf(harness);
      const plain = clientOf(configuration);
      const explaining = explainer.explaining(configuration);
      expect(explaining.explanation()).toBeNull();
      const observed = clientOf(explaining.configuration);
      for (const asked of harness.calls) {
        for (const type of VALUE_TYPES) {
          const call = { ...asked, type };
          const expected = askDetails(plain, call);
          expect(askDetails(observed, call)).toEqual(expected);
          const explanation = explaining.explanation();
          expect(explanation).toMatchObject({ flagKey: call.flagKey, subjectKey: call.subjectKey });
          expect(explanation?.reason).toBe(expected.reason);
          expect(explanation?.error !== null).toBe(expected.reason === "error");
          const applied = explanation?.flag?.allocations.filter((it) => it.outcome === "applies");
          // Subjects to which no allocation applies may still get a value, which is off or not
          // loggable.
          const isOfAllocation =
            !expected.isDefault &&
            expected.exposure.reason !== "not-loggable" &&
            expected.value !== false;
          if (isOfAllocation) expect(applied).toHaveLength(1);
          else expect(applied?.length ?? 0).toBeLessThanOrEqual(1);
          // Explanations name the variation of the matching split.
          const split = applied?.[0]?.splits.filter(({ outcome }) => outcome === "holds");
          if (isOfAllocation) expect(split).toHaveLength(1);
          // A flag that is off may have a value that no allocation decides.
          if (expected.isDefault || expected.reason === "disabled") continue;
          const how = howExplained(explanation);
          expect({ ...call, how: expected.reason }).toEqual({ ...call, how });
        }
      }
    },
  },
];

/**
 * Returns how the matching allocation assigns. If no allocation matches, the subject gets the
 * remaining value.
 */
function howExplained(explanation: Explanation | null): string {
  const allocations = explanation?.flag?.allocations ?? [];
  const index = allocations.findIndex(({ outcome }) => outcome === "applies");
  const applied = allocations[index];
  if (applied === undefined) return "fallthrough";
  const { rules, splits, traffic, window } = applied;
  return howOf({
    hasConditions: rules.some(({ conditions }) => conditions.length > 0),
    isSplit: () =>
      (traffic?.unassigned ?? 0) > 0 || new Set(splits.map(({ variation }) => variation)).size > 1,
    isFirst: index === 0 && window === null,
  });
}
