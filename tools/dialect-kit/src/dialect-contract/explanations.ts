import type { Attributes, Configuration } from "@sortition/core";
import {
  type AllocationDescription,
  type Explainer,
  type Explanation,
  type FlagDescription,
  type HashedUnit,
  howOf,
  type Scope,
  type UnitSubject,
} from "@sortition/core/dialect";
import { expect } from "vitest";
import type { DialectCheck } from "./check.js";
import { askDetails, DEFAULT_VALUE, withEachType } from "./getters.js";
import { clientOf, configurationOf } from "./payloads.js";

/** Numbers of subjects, of whom some get each half. */
const NUMBERS = Array.from({ length: 50 }, (_, i) => i);
/** Flags may have begun before. */
const NOW_MS = Date.UTC(2026, 5, 1);
/** Number of units for which experiments are evaluated. */
const UNITS = 2_000;

type Split = AllocationDescription & { readonly unit: HashedUnit };

/** @throws if nothing is hashed. */
function splitIn({ allocations, key }: FlagDescription): Split {
  const split = allocations.find((it): it is Split => it.unit !== null);
  if (split === undefined) throw new Error(`the flag ${key} has no unit`);
  return split;
}

/** Returns a function that creates subjects with a unit, which is the subject's key or among its attributes. */
function subjectWith(
  explainer: Explainer,
  unit: HashedUnit,
): (key: string, value: string) => UnitSubject {
  return (key, value) =>
    unit.attributes.length === 0
      ? { key: value, attributes: {} }
      : { key, attributes: explainer.withUnit(unit, { key, attributes: {} }, value) };
}

/** Evaluates a flag, and returns whether it reports that a hash decided. */
function placedIn(configuration: Configuration, flagKey: string, subject: UnitSubject): boolean {
  let isPlaced = false;
  const memo = new Map<unknown, unknown>();
  const scope: Scope = {
    ...{ configuration, trace: null, expectedType: null, extras: null },
    nowMs: () => NOW_MS,
    memo: () => memo,
    expose() {},
    hashedBy() {},
    placed() {
      isPlaced = true;
    },
  };
  const { attributes, key } = subject;
  configuration.flag(flagKey)?.evaluate({ key, attributes: attributes as Attributes }, scope);
  return isPlaced;
}

function sumOf(shares: ReadonlyMap<string, number>): number {
  return [...shares.values()].reduce((sum, it) => sum + it, 0);
}

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
        const { allocations } = description;
        expect(explainer.readsOf(configuration, key)).toHaveLength(allocations.length);
        for (const { splits, unit } of allocations) {
          if (splits.some(({ shards }) => shards.length > 0)) expect(unit).not.toBeNull();
        }
      }
      expect(explainer.payloadKey(configuration, "no such flag")).toBeNull();
      expect(Array.isArray(explainer.describeBandits(configuration))).toBe(true);
    },
  },
  {
    name: "places subjects by the unit that it describes",
    async check(harness) {
      const { explainer, halves } = harness;
      if (explainer === undefined) return;
      const configuration = await configurationOf(harness, harness.createDialect(), halves);
      const client = clientOf(configuration);
      const resultOf = (flagKey: string, { attributes, key: subjectKey }: UnitSubject): string => {
        const request = { flagKey, subjectKey, subjectAttributes: attributes as Attributes };
        const { value } = client.evaluate({ ...request, defaultValue: DEFAULT_VALUE });
        return JSON.stringify(value);
      };
      for (const flagKey of configuration.flagKeys) {
        const { unit } = splitIn(explainer.describe(configuration, flagKey));
        const subjectOf = subjectWith(explainer, unit);
        expect(explainer.unitOf(unit, subjectOf("user", "unit-1"))).toBe("unit-1");
        expect(explainer.unitOf(unit, { key: "", attributes: {} })).toBeNull();
        const ofUnits = NUMBERS.map((i) => resultOf(flagKey, subjectOf("user", `unit-${i}`)));
        expect({ flagKey, results: new Set(ofUnits).size }).toEqual({ flagKey, results: 2 });
        const ofUsers = NUMBERS.map((i) => resultOf(flagKey, subjectOf(`user-${i}`, "unit-1")));
        expect({ flagKey, results: new Set(ofUsers).size }).toEqual({ flagKey, results: 1 });
      }
    },
  },
  {
    name: "describes the shares of its experiments as it logs them",
    async check(harness) {
      const { experiments, explainer } = harness;
      if (explainer === undefined) return;
      const configuration = await configurationOf(harness, harness.createDialect(), experiments);
      for (const [flagKey, share] of Object.entries({ fifth: 0.2, most: 0.8 })) {
        const description = explainer.describe(configuration, flagKey);
        const { participants, traffic, unit } = splitIn(description);
        const known = new Set(description.variations.map(({ key }) => key));
        const subjectOf = subjectWith(explainer, unit);
        const logged = new Map<string, number>();
        const client = clientOf(configuration, {
          assignmentLogger: {
            logAssignment(event) {
              const { variation } = event;
              // An event may have another result, such as that the flag is off.
              if (variation === null || !known.has(variation)) return;
              const takesPart = "inExperiment" in event && event.inExperiment === true;
              if (participants !== null && !takesPart) return;
              logged.set(variation, (logged.get(variation) ?? 0) + 1);
            },
          },
        });
        for (let i = 0; i < UNITS; i++) {
          const { attributes, key: subjectKey } = subjectOf(`user-${i}`, `unit-${i}`);
          const request = { flagKey, subjectKey, subjectAttributes: attributes as Attributes };
          client.evaluate({ ...request, defaultValue: DEFAULT_VALUE });
        }
        await client.close();
        const shares = participants ?? traffic?.byVariation ?? new Map<string, number>();
        expect(sumOf(shares)).toBeCloseTo(share, 9);
        expect([...logged.keys()].sort()).toEqual([...shares.keys()].sort());
        for (const [variation, expected] of shares) {
          const deviation = Math.sqrt(UNITS * expected * (1 - expected));
          const difference = Math.abs((logged.get(variation) ?? 0) - UNITS * expected);
          expect({
            flagKey,
            variation,
            difference,
            isNear: difference < 5 * deviation,
          }).toMatchObject({
            isNear: true,
          });
        }
      }
    },
  },
  {
    name: "reports that a hash places a subject, in the share of a split or outside of it, and only then",
    async check(harness) {
      const { calls, explainer, experiments, halves } = harness;
      if (explainer === undefined) return;
      for (const documents of [halves, experiments]) {
        const configuration = await configurationOf(harness, harness.createDialect(), documents);
        for (const flagKey of configuration.flagKeys) {
          const { unit } = splitIn(explainer.describe(configuration, flagKey));
          const subjectOf = subjectWith(explainer, unit);
          for (const i of NUMBERS) {
            const isPlaced = placedIn(configuration, flagKey, subjectOf(`user-${i}`, `unit-${i}`));
            expect({ flagKey, i, isPlaced }).toEqual({ flagKey, i, isPlaced: true });
          }
        }
      }
      const configuration = await configurationOf(harness);
      const isSplit = (key: string): boolean =>
        explainer.describe(configuration, key).allocations.some(({ splits }) => {
          return splits.some(({ shards }) => shards.length > 0);
        });
      const hasSplits = [...configuration.flagKeys].map((key) => [key, isSplit(key)] as const);
      const plain = new Set(hasSplits.flatMap(([key, it]) => (it ? [] : [key])));
      for (const { attributes, flagKey, reason, subjectKey: key } of calls) {
        const payloadKey = explainer.payloadKey(configuration, flagKey);
        if (payloadKey === null || !plain.has(payloadKey) || reason !== undefined) continue;
        const isPlaced = placedIn(configuration, flagKey, { key, attributes });
        expect({ flagKey, isPlaced }).toEqual({ flagKey, isPlaced: false });
      }
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
      for (const call of withEachType(harness.calls)) {
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
