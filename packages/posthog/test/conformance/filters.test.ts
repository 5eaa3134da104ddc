import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { clientOf, evaluate, type LocalOutcome } from "../ours.js";
import { hasData, readData } from "./data.js";

type Properties = Readonly<Record<string, unknown>>;

interface FilterCase {
  readonly id: string;
  readonly property: Properties;
  readonly values: Properties;
  readonly now?: string;
  readonly expected: { readonly node: unknown; readonly nodeMatchingV2?: unknown };
}

interface CohortCase {
  readonly id: string;
  readonly property?: Properties;
  readonly group?: unknown;
  readonly values: Properties;
  readonly cohorts: Properties;
  readonly expected: { readonly node: unknown };
}

function casesOf<T>(name: string): readonly T[] {
  return hasData ? readData<{ readonly cases: readonly T[] }>(name).cases : [];
}

/** Returns the outcome of one filter in the terms of the data. */
function match(filter: Properties, values: Properties, rest: object, now?: string): string {
  const groups = [{ properties: [filter], rollout_percentage: 100 }];
  const flags = [{ id: 1, key: "flag", active: true, filters: { groups } }];
  const clock = now === undefined ? {} : { now: () => Date.parse(now) };
  const client = clientOf({ flags, group_type_mapping: {}, cohorts: {}, ...rest }, clock);
  return wordOf(evaluate(client, { flag: "flag", distinctId: "user", personProperties: values }));
}

function wordOf(outcome: LocalOutcome): string {
  if ("unresolved" in outcome) return `unresolved:${outcome.unresolved}`;
  return "value" in outcome ? String(outcome.value) : `throws:${outcome.throws}`;
}

/** Converts the data's `inconclusive:reason`, `unresolved:reason` and `unresolved:error:class`. */
function expectedWord(expected: unknown): string {
  return String(expected)
    .replace(/^inconclusive(?=:)/, "unresolved")
    .replace(/^unresolved:error:\w+$/, "throws:SORTITION_EVALUATION");
}

/**
 * Returns whether JSON can express the filter's value, unlike a `Date` or an `undefined` member, which no payload can
 * contain.
 */
function isInJson(filter: Properties): boolean {
  return (
    JSON.stringify(JSON.parse(JSON.stringify(filter))) === JSON.stringify(filter) &&
    !Object.values(filter).some((value) => value instanceof Date || value === undefined)
  );
}

describe.skipIf(!hasData)("the vendor's filters", () => {
  const all = casesOf<FilterCase>("match-property");
  const cases = all.filter(({ property }) => isInJson(property));

  it("are 533, without those that no payload can contain", () => {
    expect(all.length).toBe(533);
    const left = all.filter((it) => !cases.includes(it));
    expect(left.map(({ id }) => id)).toEqual([]);
  });

  it.each(cases.filter((_, i) => isInPart(i)))(
    "$id $property.operator",
    ({ expected, now, property, values }) => {
      expect(match(property, values, {}, now)).toBe(expectedWord(expected.node));
      const version2 = expected.nodeMatchingV2 ?? expected.node;
      const rest = { property_matching_version: 2 };
      expect(match(property, values, rest, now)).toBe(expectedWord(version2));
    },
  );
});

describe.skipIf(!hasData)("the vendor's cohorts", () => {
  const cases = casesOf<CohortCase>("cohort-groups");

  it("are 21", () => expect(cases.length).toBe(21));

  it.each(cases)("$id", ({ cohorts, expected, group, property, values }) => {
    const filter = property ?? { key: "id", type: "cohort", value: "the group" };
    const all = group === undefined ? cohorts : { ...cohorts, "the group": group };
    expect(match(filter, values, { cohorts: all })).toBe(expectedWord(expected.node));
  });
});
