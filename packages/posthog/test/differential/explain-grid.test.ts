// Each filter is alone in a flag, which the vendor's SDK must decide like the filter's explanation.
import { Configuration } from "@sortition/core";
import { conditionWords } from "@sortition/core/dialect-internal";
import { createExplainingClient } from "@sortition/core/internal";
import { isInPart } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { posthog } from "../../src/dialect.js";
import { posthogExplainer } from "../../src/explain.js";
import { OPERATORS } from "./values.js";
import { Vendor } from "./vendor.js";

const ALL = { properties: [], rollout_percentage: 100 };
const NOW_MS = Date.UTC(2026, 0, 15, 12);

beforeAll(() => vi.useFakeTimers({ now: NOW_MS, toFake: ["Date"] }));
afterAll(() => vi.useRealTimers());

/** Returns both evaluators of flags, whose keys are `f0`, `f1` and so on. */
function clientsOf(flags: readonly object[]) {
  const wire = flags.map((it, i) => ({ id: i + 1, key: `f${i}`, active: true, ...it }));
  const text = JSON.stringify({ flags: wire, group_type_mapping: { 0: "company" }, cohorts: {} });
  let vendor: Vendor | undefined;
  const loaded = async (): Promise<Vendor> => {
    const it = new Vendor(text);
    await it.load();
    return it;
  };
  const configuration = Configuration.from({ dialect: posthog(), payloads: { flags: text } });
  const client = createExplainingClient(configuration, posthogExplainer);
  return {
    configuration,
    async asked(flag: string, distinctId: string, personProperties: object) {
      const request = {
        flag,
        distinctId,
        groups: {},
        groupProperties: {},
        personProperties,
      } as never;
      vendor ??= await loaded();
      return vendor.evaluate(request, await vendor.unresolved(request));
    },
    explained: (flagKey: string, subjectKey: string, attributes: object) =>
      client.answer({ flagKey, subjectKey, nowMs: NOW_MS, attributes: { ...attributes } })
        .explanation.flag?.allocations ?? [],
  };
}

// Few flags at a time, because the vendor's SDK evaluates all of them in each call.
it.each([...OPERATORS])(
  "explains each filter as the vendor evaluates it: %s",
  async (operator, values) => {
    const filters = values.slice(0, 4).map((value) => ({
      ...{ key: "x", type: "person", value },
      ...(operator === "" ? {} : { operator }),
    }));
    const { asked, explained } = clientsOf(
      filters.map((it) => ({ filters: { groups: [{ ...ALL, properties: [it] }] } })),
    );
    const found: unknown[] = [];
    const xs = [undefined, "a", "A", "", "5", 5, true, "1.2.3", "2026-01-14"];
    for (const [row, x] of xs.entries()) {
      for (const [i, filter] of filters.entries()) {
        if (!isInPart(row, i)) continue;
        const person = x === undefined ? {} : { x };
        const vendors = await asked(`f${i}`, "u", person);
        const condition = explained(`f${i}`, "u", person)[0]?.rules[0]?.conditions[0];
        const value = "value" in vendors ? vendors.value : null;
        const outcome = value === null ? null : value ? "holds" : "fails";
        const words = value ? "matches" : "does not match";
        const reason = x === undefined ? words : `${JSON.stringify(x)} ${words}`;
        const isEqual =
          outcome === null
            ? condition?.outcome === "unknown" || condition?.outcome === "error"
            : condition?.outcome === outcome && condition?.reason === reason;
        if (!isEqual) found.push({ filter, person, vendors, condition });
      }
    }
    expect(found).toEqual([]);
  },
);

const VARIANTS = [
  { key: "a", rollout_percentage: 50 },
  { key: "b", rollout_percentage: 50 },
];
const FILTER = { key: "x", type: "person", operator: "exact", value: "a" };

interface Filters {
  readonly groups: readonly object[];
  readonly aggregation_group_type_index?: number;
}

it("promises a value to every subject only of flags that have one for each of many subjects", async () => {
  const groups = [
    {},
    ...[{ rollout_percentage: 50 }, { rollout_percentage: 0 }, { variant: "a" }, { variant: "no" }],
    ...[undefined, null, 0, 1].map((it) => ({ aggregation_group_type_index: it })),
    { properties: [FILTER] },
  ].map((it) => ({ ...ALL, ...it }));
  const lists = [[], ...groups.flatMap((it) => [[it], [it, ALL], [ALL, it]])];
  const flags = [
    ...lists
      .filter((_, i) => isInPart(i))
      .flatMap((it) => [
        { filters: { groups: it } },
        { filters: { groups: it, multivariate: { variants: VARIANTS } } },
      ]),
    ...[
      { ensure_experience_continuity: true },
      { bucketing_identifier: "device_id" },
      { active: false },
      { filters: { groups: [ALL], aggregation_group_type_index: 0 } },
      { filters: { groups: [ALL], holdout: { id: 3, exclusion_percentage: 50 } } },
      { filters: { groups: [{ ...ALL, rollout_percentage: 50 }], early_exit: true } },
    ].map((it) => ({ filters: { groups: [ALL] }, ...it })),
  ];
  for (const flag of flags) {
    const { asked, configuration } = clientsOf([flag]);
    const results: object[] = [];
    for (let n = 0; n < 20; n++) results.push(await asked("f0", `u${n}`, {}));
    const values = results.map((it) => ("value" in it ? it.value : null));
    const getters = posthogExplainer.gettersOf(configuration, "f0");
    const { aggregation_group_type_index: type, groups }: Filters = flag.filters;
    // Subjects in a group may have no value.
    const [first] = groups as readonly Pick<Filters, "aggregation_group_type_index">[];
    const isOfGroup = typeof (type ?? first?.aggregation_group_type_index) === "number";
    const strings = getters.find((it) => it.type === "string");
    expect({
      flag,
      isForAll: getters.find((it) => it.type === "boolean")?.isForAll,
      areForAll: strings?.isForAll ?? false,
      strings: strings?.assigned ?? [],
    }).toEqual({
      flag,
      isForAll: !values.includes(null) && !isOfGroup,
      areForAll: values.every((it) => typeof it === "string") && !isOfGroup,
      strings: expect.arrayContaining(values.filter((it) => typeof it === "string")),
    });
  }
});

it.each<readonly [filter: object, words: string]>([
  [{ ...FILTER, value: ["a"] }, "x is a"],
  [{ ...FILTER, value: ["a", "b"] }, "x is one of a, b"],
  ...[undefined, "", 5, null].map((it) => [{ ...FILTER, operator: it }, "x is a"] as const),
  [{ ...FILTER, operator: "is_not", value: ["a", "b"] }, "x is not one of a, b"],
  [{ ...FILTER, operator: "is_set", value: "is_set" }, "x has a value"],
  [{ ...FILTER, operator: "is_not_set", value: "is_not_set" }, "x has no value"],
  [{ ...FILTER, operator: "not_icontains" }, "x does not contain a"],
  [{ ...FILTER, operator: "semver_caret", value: "1.2" }, "x is version ^1.2"],
  [{ ...FILTER, operator: "semver_gte", value: "1.2" }, 'x is at least version "1.2"'],
  [{ ...FILTER, operator: "odd" }, 'x odd "a"'],
  [{ key: "id", type: "cohort", value: 7 }, "the subject is in cohort 7"],
  [{ key: "id", type: "cohort", value: 7, operator: "not_in" }, "the subject is not in cohort 7"],
  ...(
    [
      [true, "enabled"],
      [false, "disabled"],
      ["v", "v"],
    ] as const
  ).map(
    ([value, words]) =>
      [
        { key: "f0", type: "flag", operator: "flag_evaluates_to", value },
        `flag f0 is ${words}`,
      ] as const,
  ),
])("describes the filter %j", async (filter, words) => {
  for (const has_experiment of [undefined, true, false]) {
    const filters = { groups: [{ ...ALL, properties: [filter] }] };
    const { configuration } = clientsOf([{ has_experiment, filters }]);
    const { allocations } = posthogExplainer.describe(configuration, "f0");
    const described = allocations.map(({ isLogged, rules }) => ({
      isLogged,
      words: rules.flatMap(({ conditions }) =>
        conditions.map((it) => conditionWords(it, posthogExplainer.words)),
      ),
    }));
    expect(described).toEqual([{ isLogged: has_experiment !== false, words: [words] }]);
  }
});

it.each<readonly [filter: object, words: string]>([
  [{ key: "id", type: "cohort", value: 404 }, "only PostHog's server can decide it"],
  [
    {
      key: "f1",
      type: "flag",
      operator: "flag_evaluates_to",
      value: true,
      dependency_chain: ["f1"],
    },
    "flag f1 has no value",
  ],
])("says why a flag with %j is undecided", async (filter, words) => {
  const flags = [filter, { ...FILTER, type: "cohort", value: 404 }].map((it) => ({
    filters: { groups: [{ ...ALL, properties: [it] }] },
  }));
  const { explained } = clientsOf(flags);
  expect(posthogExplainer.words.undecided?.(explained("f0", "u", {}))).toBe(words);
});
