// Each flag has one condition or one split, so no other part of the flag can hide a difference.
import { isDeepStrictEqual } from "node:util";
import { sha1Prefix } from "@sortition/core/dialect-internal";
import { isInPart, isWhole, PARTS } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { hashOf } from "../../src/dialect/flag.js";
import { clientOf, evaluate, type LocalRequest } from "../ours.js";
import { OPERATORS, PROPERTY_VALUES } from "./values.js";
import { Vendor } from "./vendor.js";

const ABSENT = Symbol("no such property");
const ALL = { properties: [], rollout_percentage: 100 };
const PERSON = { distinctId: "u", groups: {}, groupProperties: {} };

const NOON_MS = Date.UTC(2026, 0, 15, 12);
beforeAll(() => vi.useFakeTimers({ now: NOON_MS, toFake: ["Date"] }));
afterAll(() => vi.useRealTimers());

/** Number of flags in one payload. The vendor's SDK evaluates all of them in each call. */
const FLAGS_EACH = 50;

/**
 * Returns the inputs for which the evaluations differ. Each entry is a flag.
 *
 * @param required - flags that the others depend on. Their keys are `f0`, `f1` and so on.
 */
async function differences(
  flags: readonly object[],
  requests: readonly Omit<LocalRequest, "flag">[],
  more: object = {},
  required: readonly object[] = [],
): Promise<unknown[]> {
  const wire = [...required, ...flags].map((it, i) => ({
    ...{ id: i + 1, key: `f${i}`, active: true },
    ...it,
  }));
  const found: unknown[] = [];
  for (let i = required.length; i < wire.length; i += FLAGS_EACH) {
    const part = [...wire.slice(0, required.length), ...wire.slice(i, i + FLAGS_EACH)];
    const asked = requests.filter(
      (_, row) => requests.length < PARTS || isInPart(row, Math.floor(i / FLAGS_EACH)),
    );
    found.push(...(await differencesOf(part, asked, more)));
  }
  return found;
}

async function differencesOf(
  wire: readonly { readonly key: string }[],
  requests: readonly Omit<LocalRequest, "flag">[],
  more: object,
): Promise<unknown[]> {
  const text = JSON.stringify({
    flags: wire,
    group_type_mapping: { 0: "company" },
    cohorts: {},
    ...more,
  });
  const [ours, vendor] = [clientOf(text), new Vendor(text)];
  await vendor.load();
  const found: unknown[] = [];
  for (const request of requests) {
    const unresolved = await vendor.unresolved(request);
    for (const flag of wire) {
      const asked = { ...request, flag: flag.key };
      const answers = [evaluate(ours, asked), await vendor.evaluate(asked, unresolved)];
      if (!isDeepStrictEqual(answers[0], answers[1]))
        found.push({ flag, request, ours: answers[0], vendor: answers[1] });
    }
  }
  return found;
}

const flagsOf = (operator: string) =>
  OPERATORS.get(operator)!.map((value) => {
    const filter = { key: "x", type: "person", value, ...(operator === "" ? {} : { operator }) };
    return { filters: { groups: [{ ...ALL, properties: [filter] }] } };
  });
/** Versions at the ends of ranges. */
const ENDS = ["0.0.4", "0.1.3", "0.2.0", "1.2.4", "1.3.0"];
const PEOPLE = [ABSENT, ...PROPERTY_VALUES, ...ENDS].map((x) => ({
  ...PERSON,
  personProperties: x === ABSENT ? {} : { x },
}));

it.each([...OPERATORS.keys()].filter((it) => isWhole || !/^not_|te$|lt$|neq|date_a/.test(it)))(
  "evaluates every filter value and property like the vendor: %s",
  async (operator) => {
    expect(await differences(flagsOf(operator), PEOPLE)).toEqual([]);
  },
);

it.each(["exact", "is_not", ""])(
  "evaluates every filter value and property like the vendor in version 2: %s",
  async (operator) => {
    const version2 = { property_matching_version: 2 };
    expect(await differences(flagsOf(operator), PEOPLE, version2)).toEqual([]);
  },
);

const filterOf = (more: object) => ({ filters: { groups: [{ ...ALL, properties: [more] }] } });
const leaf = (operator: string, value: unknown, more: object = {}) => ({
  ...{ key: "x", type: "person", operator, value },
  ...more,
});

/** Times at which the day is another one in one of the zones, at the ends of months and in a leap year. */
const ENDS_OF_MONTHS = [
  ...["2026-03-01T01:00:00Z", "2026-03-31T23:00:00Z"],
  ...["2024-02-29T23:00:00Z", "2024-03-01T01:00:00Z"],
].map((it) => Date.parse(it));

it.each([
  ["UTC", "+0000"],
  ["America/St_Johns", "-0330"],
  ["Asia/Kathmandu", "+0545"],
])(
  "reads and subtracts dates in the zone of the process like the vendor: %s",
  async (zone, offset) => {
    vi.stubEnv("TZ", zone);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.setSystemTime(NOON_MS);
    });
    expect(new Date(NOON_MS).toString()).toContain(`GMT${offset}`);
    for (const nowMs of ENDS_OF_MONTHS) {
      vi.setSystemTime(nowMs);
      // Half days around the limits.
      const people = [28, 60, 366].flatMap((days) =>
        Array.from({ length: 13 }, (_, i) => {
          const x = new Date(nowMs - (days * 2 + i - 6) * 43_200_000).toISOString();
          return { ...PERSON, personProperties: { x } };
        }),
      );
      const flags = ["1m", "2m", "1y", "2026-01-31 12:00", "Feb 1 2026", "2026-02-01"].map((it) =>
        filterOf(leaf("is_date_before", it)),
      );
      expect(await differences(flags, people)).toEqual([]);
    }
  },
);

it("splits like the vendor at the edges of each rollout, variant and holdout", async () => {
  for (const [row, distinctId] of ["u1", "u2", "ü", "7"].entries()) {
    const near = (hash: number) =>
      [hash, hash * (1 + Number.EPSILON), hash * (1 - Number.EPSILON), 0, 1, 1.5, -1, 0.5].map(
        (it) => it * 100,
      );
    const flags: object[] = [];
    for (let i = 0; i < 200; i++) {
      const key = `f${i}`; // the hash depends on the key
      const rollout = near(hashOf(distinctId, sha1Prefix(`${key}.`)))[i % 8]!;
      const edge = near(hashOf(`${distinctId}variant`, sha1Prefix(`${key}.`)))[(i >> 1) % 8]!;
      const held = near(hashOf(distinctId, sha1Prefix("holdout-")))[(i >> 2) % 8]!;
      const variants = [
        ["a", edge],
        ["b", 100 - edge],
        ["c", 1],
      ].map(([name, share]) => ({ key: name, rollout_percentage: share }));
      const kinds = [
        { groups: [{ ...ALL, rollout_percentage: rollout }] },
        { groups: [{ ...ALL, rollout_percentage: rollout }, ALL], early_exit: true },
        { groups: [ALL], multivariate: { variants } },
        { groups: [{ ...ALL, variant: "b" }], multivariate: { variants: variants.slice(0, 2) } },
        { groups: [ALL], holdout: { id: 3, exclusion_percentage: held } },
        {
          groups: [ALL],
          multivariate: { variants: variants.slice(0, 1) },
          payloads: { a: "1", true: '{"p":1}' },
        },
      ];
      // Eight flags in a row are of one kind.
      if (!isInPart(row, i + Math.floor(i / 8))) continue;
      flags.push({ key, filters: kinds[Math.floor(i / 8) % kinds.length] });
    }
    expect(await differences(flags, [{ ...PERSON, distinctId, personProperties: {} }])).toEqual([]);
  }
});

it("selects the hashed id like the vendor", async () => {
  const bucketings = [
    {},
    { bucketing_identifier: "device_id" },
    { bucketing_identifier: "distinct_id" },
    { bucketing_identifier: "" },
    { ensure_experience_continuity: true },
    { active: false },
  ];
  const indexes = [undefined, null, 0, 7].map((it) => ({ aggregation_group_type_index: it }));
  const flags = bucketings.flatMap((it) =>
    indexes.flatMap((own) =>
      indexes.map((other) => ({
        ...it,
        filters: {
          ...own,
          groups: [
            { ...ALL, rollout_percentage: 50, ...other },
            ...(other === own ? [] : [{ ...ALL, rollout_percentage: 10 }]),
          ],
        },
      })),
    ),
  );
  const devices = [
    {},
    { $device_id: "d1" },
    { $device_id: "" },
    { $device_id: null },
    { $device_id: 7 },
  ];
  const groups = [{}, { company: "c1" }, { company: "" }, { team: "t" }];
  const requests = ["u1", "u2", "u3"].flatMap((distinctId) =>
    devices.flatMap((personProperties) =>
      groups.map((it) => ({ distinctId, personProperties, groups: it, groupProperties: {} })),
    ),
  ) as unknown as LocalRequest[];
  expect(await differences(flags, requests)).toEqual([]);
});

const PEOPLE_OF_COHORTS = [{}, { x: "a" }, { x: "b" }, { x: null }, { x: "" }, { x: 7 }].map(
  (personProperties) => ({ ...PERSON, personProperties }),
);

it("combines the conditions of cohorts like the vendor", async () => {
  const leaves = [
    leaf("exact", ["a"]),
    leaf("is_not", ["a"]),
    leaf("exact", ["a"], { negation: true }),
    leaf("gt", "word"), // unresolved for most values
    leaf("is_set", "is_set", { negation: false }),
    { key: "id", type: "cohort", value: "100" },
    { key: "id", type: "cohort", value: "100", negation: true },
    { key: "id", type: "cohort", value: "404" },
  ];
  const types = ["AND", "OR", "XOR", undefined];
  const lists = [
    [],
    ...leaves.map((it) => [it]),
    ...leaves.flatMap((a) => leaves.map((b) => [a, b])),
  ];
  const groups = types.flatMap((type, row) =>
    lists.filter((_, i) => isInPart(row, i)).map((values) => ({ type, values })),
  );
  const nested = ["AND", "OR"].flatMap((type) =>
    groups.filter((_, i) => i % 3 === 0).map((it, i) => ({ type, values: [it, groups[i * 2]] })),
  );
  const cohorts = [...groups, ...nested].map((it, i) => [`${i + 1_000}`, it] as const);
  const flags = cohorts.map(([value]) => filterOf({ key: "id", type: "cohort", value }));
  const all = { ...Object.fromEntries(cohorts), 100: { type: "OR", values: [leaves[0]] } };
  expect(await differences(flags, PEOPLE_OF_COHORTS, { cohorts: all })).toEqual([]);
});

it("asks for membership in a cohort like the vendor", async () => {
  const odd = [null, 5, "a", []].flatMap((it) => [[it], [it, leaf("exact", "a")]]);
  const lists = odd.map((it, i) => [`${10 + i}`, { type: "OR", values: it }] as const);
  const cohorts = {
    ...{ 1: { type: "OR", values: [leaf("exact", "a")] }, 2: {}, 3: null },
    ...Object.fromEntries(lists),
  };
  const values = ["1", 1, "2", "3", "404", null, "", ["1"], true, ...lists.map(([id]) => id)];
  const operators = [undefined, "in", "not_in", "exact", "is_not", "odd"];
  const flags = values.flatMap((value) =>
    operators.flatMap((operator) =>
      [undefined, true, false].map((negation) =>
        filterOf({ key: "id", type: "cohort", value, operator, negation }),
      ),
    ),
  );
  const some = flags.filter((_, i) => isInPart(i, Math.floor(i / PARTS)));
  expect(await differences(some, PEOPLE_OF_COHORTS, { cohorts })).toEqual([]);
});

it("depends on other flags like the vendor", async () => {
  const multivariate = {
    variants: [
      { key: "v", rollout_percentage: 100 },
      { key: "w", rollout_percentage: 0 },
    ],
  };
  const targets = [
    { filters: { groups: [ALL] } },
    { filters: { groups: [{ ...ALL, rollout_percentage: 0 }] } },
    { filters: { groups: [ALL], multivariate } },
    { filters: { groups: [ALL] }, active: false },
    filterOf(leaf("gt", "word")),
    filterOf(leaf("exact", "a")),
    filterOf({
      ...leaf("flag_evaluates_to", true),
      key: "f0",
      type: "flag",
      dependency_chain: ["f0"],
    }),
  ];
  const values = [true, false, "v", "w", "true", "", null, 5, ["v"]];
  const flags = targets.flatMap((_, i) =>
    values.flatMap((value) =>
      ["flag_evaluates_to", ...["exact", undefined].filter((_, row) => isInPart(row, i))].flatMap(
        (operator) =>
          [[`f${i}`], ["f0", `f${i}`], [], undefined, ["f404"]].map((dependency_chain) =>
            filterOf({ key: `f${i}`, type: "flag", operator, value, dependency_chain }),
          ),
      ),
    ),
  );
  expect(await differences(flags, PEOPLE_OF_COHORTS, {}, targets)).toEqual([]);
});
