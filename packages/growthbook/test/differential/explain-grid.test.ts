// Each part of a rule is also evaluated alone by the vendor's SDK, which must agree with the part's explanation.
import { isDeepStrictEqual } from "node:util";
import { GrowthBookClient } from "@growthbook/growthbook";
import { type Attributes, Configuration, createClient } from "@sortition/core";
import type { ConditionDescription } from "@sortition/core/dialect";
import { conditionWords } from "@sortition/core/dialect-internal";
import { isInPart, isWhole } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { growthbook } from "../../src/dialect.js";
import { growthbookExplainer } from "../../src/explain.js";

type Members = Readonly<Record<string, unknown>>;

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const PARENTS = {
  on: { defaultValue: "on" },
  gated: { defaultValue: null, rules: [{ condition: { x: 2 }, force: "on" }] },
};

/** A part of a rule: its members, and the rule that has only this part. */
interface Part {
  readonly kind: "parentConditions" | "filters" | "namespace" | "condition";
  readonly member: unknown;
}

const ON = { variations: ["on", "on"], key: "k", hashVersion: 2, seed: "s" };

/** Returns the rule with some parts, which forces a value or runs an experiment. */
function ruleOf(parts: readonly Part[], effect: Members): Members {
  const all = (kind: Part["kind"]) => parts.flatMap((it) => (it.kind === kind ? [it.member] : []));
  const [parents, filters, [namespace], conditions] = [
    all("parentConditions"),
    all("filters"),
    all("namespace"),
    all("condition"),
  ];
  return {
    ...(parents.length > 0 ? { parentConditions: parents } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    ...(conditions.length > 0 ? { condition: Object.assign({}, ...conditions) } : {}),
    ...effect,
  };
}

const PARENT: readonly Part[] = [
  { id: "on", condition: { value: "on" } },
  { id: "gated", condition: { value: { $exists: true } } },
  { id: "gated", condition: { value: "on" }, gate: true },
  { id: "none", condition: { value: null } },
].map((member) => ({ kind: "parentConditions", member }));
const FILTERS: readonly Part[] = [
  { seed: "f", ranges: [[0, 0.5]], hashVersion: 2, attribute: "id" },
  { seed: "g", ranges: [[0, 1]], hashVersion: 2, attribute: "company" },
].map((member) => ({ kind: "filters", member }));
const NAMESPACE: Part = { kind: "namespace", member: ["n", 0.3, 0.8] };
const CONDITIONS: readonly Part[] = [
  { x: { $gt: 1 } },
  { "x.y": 1 },
  { x: { $gt: 0, $lt: 3 } },
  { id: { $in: ["u1", "u2", "u3"] } },
  { company: "acme" },
  { $or: [{ x: 1 }, { company: "acme" }] },
  { $not: { x: 1 } },
].map((member) => ({ kind: "condition", member }));

/** Lists of parts in the order of their tests. */
const LISTS: readonly (readonly Part[])[] = [
  [],
  ...[...PARENT, ...FILTERS, ...CONDITIONS].map((it) => [it]),
  ...CONDITIONS.flatMap((a) =>
    CONDITIONS.filter(
      (b) => Object.keys(b.member as object).join() !== Object.keys(a.member as object).join(),
    ).map((b) => [a, b]),
  ),
  ...PARENT.flatMap((a) => [...PARENT, ...FILTERS, ...CONDITIONS].map((b) => [a, b])),
  ...FILTERS.flatMap((a) => [...FILTERS, ...CONDITIONS].map((b) => [a, b])),
];
const WITH_NAMESPACE = [[NAMESPACE], ...CONDITIONS.map((it) => [NAMESPACE, it])];

const FORCED: readonly Members[] = [
  { force: "on" },
  { force: "on", coverage: 0.4, seed: "s", hashVersion: 2 },
  { force: "on", range: [0.2, 0.7], seed: "s", hashAttribute: "company" },
];
const TESTED: readonly Members[] = [
  { ...ON, variations: ["a", "b", "c"] },
  { ...ON, variations: ["a", "b"], coverage: 0.4 },
  { ...ON, variations: ["a", "b"], hashAttribute: "company", hashVersion: 1 },
  { ...ON, variations: ["a", "b"], hashVersion: 3 },
];
const RULES = [...FORCED, ...TESTED].flatMap((effect) => {
  // The namespace hashes the same attribute as the experiment.
  const isById = "variations" in effect && !("hashAttribute" in effect);
  const lists = isById ? [...LISTS, ...WITH_NAMESPACE] : LISTS;
  return lists.map((parts) => ({ effect, parts, rule: ruleOf(parts, effect) }));
});

const USERS: readonly Attributes[] = Array.from({ length: 12 }, (_, i) => ({
  id: `u${i}`,
  ...(i % 3 === 0 ? {} : { x: i % 4 }),
  ...(i % 2 === 0 ? { company: ["acme", "umbrella", "other"][i % 3] as string } : {}),
}));

/** Both evaluators of one payload. */
function clientsOf(features: Members) {
  const all = { ...PARENTS, ...features };
  const vendor = new GrowthBookClient().initSync({ payload: { features: all } as never });
  const text = JSON.stringify({ features: all });
  const configuration = Configuration.from({ dialect: growthbook(), payloads: { flags: text } });
  const explaining = growthbookExplainer.explaining(configuration);
  const client = createClient({
    initialConfiguration: explaining.configuration,
    diagnostics: SILENT,
  });
  return {
    configuration,
    asked: (key: string, attributes: Attributes) => vendor.evalFeature(key, { attributes }),
    explained(key: string, attributes: Attributes) {
      client.getJSONAssignmentDetails(key, `${attributes["id"]}`, attributes, {});
      const { error = null, flag } = explaining.explanation() ?? {};
      return { error, allocations: flag?.allocations ?? [] };
    },
  };
}

// Both packages warn of odd weights.
beforeAll(() => vi.spyOn(console, "error").mockImplementation(() => {}));
afterAll(() => vi.restoreAllMocks());

it("explains each part of a rule, and each split, as the vendor evaluates it", () => {
  const singles = new Map<Part, string>();
  for (const part of [...PARENT, ...FILTERS, NAMESPACE, ...CONDITIONS]) {
    singles.set(part, `single-${singles.size}`);
  }
  const { asked, explained } = clientsOf({
    ...Object.fromEntries(
      [...singles].map(([part, key]) => [
        key,
        { rules: [ruleOf([part], part === NAMESPACE ? ON : { force: "on" })] },
      ]),
    ),
    ...Object.fromEntries(
      RULES.map(({ rule }, i) => [`f${i}`, { defaultValue: "default", rules: [rule] }]),
    ),
  });
  const found: unknown[] = [];
  for (const [row, attributes] of USERS.entries()) {
    for (const [i, { effect, parts, rule }] of RULES.entries()) {
      if (!isWhole && (row + 3 * i) % 8 !== 0) continue;
      const [of, rest] = explained(`f${i}`, attributes).allocations;
      const result = asked(`f${i}`, attributes);
      const applies = result.source === "force" || result.source === "experiment";
      // An experiment tests nothing for users without the attribute to hash. Prerequisites and filters are tested before.
      const isHashed = effect["hashAttribute"] === undefined || "company" in attributes;
      const reached = parts.filter(
        ({ kind }) => isHashed || !("variations" in effect) || kind !== "condition",
      );
      const met = reached.map((it) => asked(singles.get(it) as string, attributes).value === "on");
      const failed = met.indexOf(false);
      const outcomes = parts.map((_, at) => {
        if (at >= met.length || (failed >= 0 && at > failed)) return "not-reached";
        return met[at] ? "holds" : "fails";
      });
      const variations = (effect["variations"] as readonly unknown[] | undefined) ?? ["on"];
      const taken = applies ? variations.indexOf(result.value) : -1;
      const splits = variations.map((_, at) => {
        if (failed >= 0 || (taken >= 0 && at > taken)) return "not-reached";
        return at === taken ? "holds" : "fails";
      });
      const expected = {
        outcome: applies ? "applies" : failed >= 0 ? "no-rule-holds" : "no-split-matches",
        conditions: outcomes,
        splits,
        problems: effect["hashVersion"] === 3 ? ["unknown hash version"] : [],
        rest: result.source === "defaultValue" ? "applies" : "not-reached",
      };
      const actual = {
        outcome: of?.outcome,
        conditions: of?.rules.flatMap(({ conditions }) => conditions.map((it) => it.outcome)),
        splits: of?.splits.map((it) => it.outcome),
        problems: [
          ...new Set(of?.splits.flatMap(({ shards }) => shards.map((it) => it.problem))),
        ].filter((it) => it !== null),
        rest: rest?.outcome,
      };
      if (!isDeepStrictEqual(actual, expected)) {
        found.push({ attributes, rule, actual, expected });
      }
    }
  }
  expect(found).toEqual([]);
});

it("explains which malformed rule ends the evaluation like the vendor", () => {
  const broken = { ...ON, weights: "ab" };
  const rules = [null, broken, { force: "on" }, { condition: { x: 1 }, force: "on" }];
  const lists = rules.flatMap((a) => rules.flatMap((b) => rules.map((c) => [a, b, c])));
  const { asked, explained } = clientsOf(
    Object.fromEntries(lists.map((it, i) => [`f${i}`, { defaultValue: "default", rules: it }])),
  );
  for (const [i, list] of lists.entries()) {
    for (const attributes of [{ id: "u" }, { id: "u", x: 1 }] as const) {
      const end = list.findIndex((it) => it === null || !("condition" in it) || "x" in attributes);
      let isError = false;
      try {
        asked(`f${i}`, attributes);
      } catch {
        isError = true;
      }
      const { allocations, error } = explained(`f${i}`, attributes);
      const outcomes = list.map((_, at) => {
        if (at !== end) return end < 0 || at < end ? "no-rule-holds" : "not-reached";
        return isError ? "error" : "applies";
      });
      const { rules, splits } = allocations[end] ?? { rules: [], splits: [] };
      const problems = [...rules, ...splits].flatMap(({ problem }) => problem ?? []);
      expect({
        list,
        attributes,
        outcomes: allocations.slice(0, 3).map((it) => it.outcome),
      }).toEqual({ list, attributes, outcomes });
      expect({ list, attributes, error }).toEqual({
        list,
        attributes,
        error: isError ? expect.stringContaining(`${problems[0]}`) : null,
      });
    }
  }
});

it("promises a value to every subject only of features that have one for each of many subjects", () => {
  const meta = [{ key: "k0" }, { key: "k1" }];
  const features = [
    ...[
      {},
      { meta },
      { meta: meta.slice(1) },
      { coverage: 0.5 },
      { coverage: 0 },
      { weights: [1, 0] },
      { weights: [0.3, 0.3] },
    ].map((it) => ({ ...ON, variations: ["a", "b"], ...it })),
    ...[
      { hashVersion: 3 },
      { hashAttribute: "company" },
      { ranges: [null, [0, 1]] },
      {
        ranges: [
          [0, 0.4],
          [0.4, 1],
        ],
      },
      {
        ranges: [
          [0, 0.4],
          [0.6, 1],
        ],
      },
      { condition: { x: 1 } },
      { variations: ["a"] },
      { namespace: ["n", 0, 0.5] },
    ].map((it) => ({ ...ON, variations: ["a", "b"], ...it })),
    ...FORCED,
    { force: "on", coverage: 1 },
    { force: "on", range: [0, 1] },
    { force: "on", range: [0, 0.5] },
    { force: "on", coverage: 1, hashAttribute: "company" },
    { force: "on", condition: { x: 1 } },
  ];
  const { asked, configuration } = clientsOf(
    Object.fromEntries(features.map((rule, i) => [`f${i}`, { rules: [rule] }])),
  );
  for (const [i, rule] of features.entries()) {
    const values = Array.from({ length: 200 }, (_, n): unknown => {
      try {
        return asked(`f${i}`, { id: `u${n}` }).value;
      } catch {
        return null;
      }
    });
    const getter = growthbookExplainer
      .gettersOf(configuration, `f${i}`)
      .find((it) => it.type === "string");
    const assigned = new Set(values.filter((it) => it !== null));
    expect({ rule, isForAll: getter?.isForAll ?? false }).toEqual({
      rule,
      isForAll: !values.includes(null),
    });
    expect(getter?.assigned ?? []).toEqual(expect.arrayContaining([...assigned]));
  }
});

it("describes the shards of a rollout that the vendor gives a value, also at its edges", () => {
  for (let n = 0; n < 20; n++) {
    if (!isInPart(n)) continue;
    const subject = { id: `u${n}` };
    const shardIn = (rule: Members) => {
      const { asked, explained } = clientsOf({ f: { rules: [{ force: "on", ...rule }] } });
      const [shard] = explained("f", subject).allocations[0]?.splits[0]?.shards ?? [];
      return { isOn: asked("f", subject).value === "on", shard };
    };
    const { shard: whole } = shardIn({ coverage: 1 });
    const at = (whole?.shard ?? Number.NaN) / (whole?.totalShards ?? 1);
    const bounds = [at - 0.001, at, at + 0.001];
    const rollouts = [
      ...bounds.map((coverage) => ({ coverage })),
      ...bounds.flatMap((start) => bounds.map((end) => ({ range: [start, end] }))),
    ];
    for (const rule of rollouts) {
      const { isOn, shard } = shardIn(rule);
      const number = shard?.shard ?? Number.NaN;
      const isDescribed = shard?.ranges.some(({ end, start }) => start <= number && number < end);
      expect({ subject, rule, isDescribed }).toEqual({ subject, rule, isDescribed: isOn });
    }
  }
});

type Row = readonly [rule: Members, words: string, ...reads: string[]];

/** Rules, their conditions in words, and the comparisons and features that they read. */
const WORDS: readonly Row[] = [
  [{ condition: { x: { $gt: 1 } } }, "x is above 1", "x $gt 1"],
  [{ condition: { x: "a" } }, "x is a", 'x = "a"'],
  [{ condition: { x: { a: 1 } } }, 'x is {"a":1}', 'x = {"a":1}'],
  [
    { condition: { x: { $gt: 1, $lt: 5 } } },
    "x is above 1 and x is below 5",
    'x = {"$gt":1,"$lt":5}',
  ],
  [{ condition: { x: { $gt: 1, lt: 5 } } }, 'x is {"$gt":1,"lt":5}', 'x = {"$gt":1,"lt":5}'],
  [{ condition: { x: { $in: ["a", "b"] } } }, "x is one of a, b", 'x $in ["a","b"]'],
  [{ condition: { x: { $in: ["a"] } } }, "x is a", 'x $in ["a"]'],
  [{ condition: { x: { $exists: true } } }, "x has a value", "x $exists true"],
  [{ condition: { x: { $exists: false } } }, "x has no value", "x $exists false"],
  [{ condition: { x: { $not: { $gt: 1 } } } }, "not (x is above 1)", 'x $not {"$gt":1}'],
  [{ condition: { x: { $unknown: 1 } } }, "x $unknown 1", "x $unknown 1"],
  [{ condition: { $not: { x: 1 } } }, "not (x is 1)", "x = 1"],
  [{ condition: { $nor: [{ x: 1 }, { y: 2 }] } }, "not (x is 1 or y is 2)", "x = 1", "y = 2"],
  [
    { condition: { $or: [{ x: 1, y: { $ne: "b" } }, { z: { $exists: true } }] } },
    "(x is 1 and y is not b) or z has a value",
    ...["x = 1", 'y $ne "b"', "z $exists true"],
  ],
  [
    { condition: { $and: [{ x: 1 }, { $or: [{ y: 2 }, { z: 3 }] }] } },
    "x is 1 and (y is 2 or z is 3)",
    ...["x = 1", "y = 2", "z = 3"],
  ],
  [
    { condition: { $not: { $or: [{ x: { $gt: 1, $lt: 3 } }, { y: 2 }] } } },
    "not ((x is above 1 and x is below 3) or y is 2)",
    ...["x $gt 1", "x $lt 3", "y = 2"],
  ],
  [{ condition: { $or: [{ x: 1 }] } }, "x is 1", "x = 1"],
  [{ condition: { $or: [{}, "odd"] } }, "all subjects match or odd"],
  [
    { filters: [{ seed: "f", ranges: [[0, 0.5]], hashVersion: 2, attribute: "id" }] },
    "id is in 0% to 50% of filter f",
    'id filter {"seed":"f","ranges":[[0,0.5]]}',
  ],
  [
    {
      filters: [
        {
          seed: "f",
          ranges: [
            [0, 0.2],
            [0.5, 1],
          ],
          attribute: "company",
          hashVersion: 2,
        },
      ],
    },
    "company is in 0% to 20% or 50% to 100% of filter f",
    'company filter {"seed":"f","ranges":[[0,0.2],[0.5,1]]}',
  ],
  [
    { filters: [{ seed: "f", ranges: [["0", 1]], hashVersion: 2 }] },
    'id filter {"seed":"f","ranges":[["0",1]]}',
    'id filter {"seed":"f","ranges":[["0",1]]}',
  ],
  [
    { ...ON, namespace: ["n", 0.3, 0.8] },
    "id is in 30% to 80% of namespace n",
    'id namespace ["n",0.3,0.8]',
  ],
  [{ ...ON, namespace: ["n", 0.3] }, 'id namespace ["n", 0.3]', 'id namespace ["n",0.3]'],
  [{ parentConditions: [{ id: "on", condition: { value: "on" } }] }, "feature on is on", "on"],
  [
    { parentConditions: [{ id: "on", condition: { value: { $ne: "on" } }, gate: true }] },
    "feature on is not on",
    "on",
  ],
  ...[{ value: { $ne: "on", $exists: true } }, { value: { a: 1 } }, {}].map(
    (it) =>
      [
        { parentConditions: [{ id: "on", condition: it }] },
        `feature on prerequisite ${JSON.stringify(it)}`,
        "on",
      ] as const,
  ),
];

it.each(WORDS.map(([rule, words, ...reads]) => ({ rule, words, reads })))(
  "describes and reads the conditions of $rule, and keeps equal ones once",
  ({ reads, rule, words }) => {
    const effect = "variations" in rule ? {} : { force: "on" };
    const feature = { rules: [{ ...rule, ...effect }] };
    const { configuration } = clientsOf({ f: feature, g: feature });
    const [conditions, others] = ["f", "g"].map((key) =>
      growthbookExplainer
        .describe(configuration, key)
        .allocations.flatMap(({ rules }) => rules.flatMap((it) => it.conditions)),
    ) as [ConditionDescription[], ConditionDescription[]];
    expect(conditions.map((it) => conditionWords(it, growthbookExplainer.words))).toEqual([words]);
    // Filters are described by new objects.
    if (!("filters" in rule)) expect(others[0]?.expected).toBe(conditions[0]?.expected);
    const [read] = growthbookExplainer.readsOf(configuration, "f");
    const comparisons = read?.comparisons.map(
      ({ attribute, expected, operator }) => `${attribute} ${operator} ${JSON.stringify(expected)}`,
    );
    expect([...(comparisons ?? []), ...(read?.flags ?? [])]).toEqual(reads);
  },
);
