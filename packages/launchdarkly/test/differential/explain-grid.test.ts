// Each part is alone in a flag, which the vendor's SDK must decide like its explanation.
import { Configuration, createClient, type ObservedEvaluation } from "@sortition/core";
import { createExplainingClient } from "@sortition/core/internal";
import { isInPart } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchdarkly } from "../../src/dialect.js";
import { launchdarklyExplainer } from "../../src/explain.js";
import { clientOf } from "../ours.js";
import { OPERATORS } from "./values.js";
import { Vendor } from "./vendor.js";

type Members = Readonly<Record<string, unknown>>;

const COMMON = { version: 1, on: true, salt: "s", variations: [false, true], offVariation: 0 };
const NO = { fallthrough: { variation: 0 } };
const shares = [0, 1].map((variation) => ({ variation, weight: 50_000 }));
const rule = (id: string, ...clauses: readonly object[]) => ({ id, variation: 1, clauses });
const IS_GOLD = { attribute: "plan", op: "in", values: ["gold"] };

let vendor: Vendor;
beforeAll(async () => {
  vendor = new Vendor();
  await vendor.start();
});
afterAll(() => vendor.close());

const ATTRIBUTES = [undefined, "a", "5", 5, true, ["a", 5], "1.2.3", "2020-01-01T00:00:00Z"];

/** Returns both evaluators of flags. */
function evaluatorsOf(flags: Readonly<Record<string, Members>>, segments: Members = {}) {
  const complete = Object.entries(flags).map(([key, it]) => [
    key,
    { key, ...COMMON, ...NO, ...it },
  ]);
  const text = JSON.stringify({ flags: Object.fromEntries(complete), segments });
  expect(vendor.load(text)).toBe(true);
  const configuration = Configuration.from({ dialect: launchdarkly(), payloads: { flags: text } });
  const client = createExplainingClient(configuration, launchdarklyExplainer);
  return {
    ...{ text, configuration, client },
    asked: (key: string, context: object) => vendor.evaluate(key, context, null, null),
    explained: (flagKey: string, context: object) =>
      client.answer({ flagKey, subjectKey: "u", nowMs: 0, attributes: {}, extras: { context } })
        .explanation.flag?.allocations ?? [],
  };
}

it.each(Object.entries(OPERATORS))(
  "explains each clause as the vendor evaluates it: %s",
  async (op, values) => {
    const clauses = values.flatMap((value) =>
      ["user", "org"].flatMap((contextKind) =>
        [false, true].map((negate) => ({
          attribute: "x",
          op,
          values: [value],
          negate,
          contextKind,
        })),
      ),
    );
    const flags = Object.fromEntries(clauses.map((it, i) => [`f${i}`, { rules: [rule("r", it)] }]));
    const { asked, explained } = evaluatorsOf(flags);
    const found: unknown[] = [];
    const row = Object.keys(OPERATORS).indexOf(op);
    for (const x of ATTRIBUTES.filter((_, i) => isInPart(row, i))) {
      for (const kind of ["user", "org"]) {
        for (const [i, clause] of clauses.entries()) {
          const context = { kind, key: "k", ...(x === undefined ? {} : { x }) };
          const vendors = await asked(`f${i}`, context);
          const condition = explained(`f${i}`, context)[0]?.rules[0]?.conditions[0];
          const error = JSON.stringify(vendors).includes("MALFORMED");
          const holds = "value" in vendors && vendors.value === true ? "holds" : "fails";
          const isSeen = kind === clause.contextKind;
          const isEqual =
            condition?.outcome === (error ? "error" : holds) &&
            JSON.stringify(condition.actual) === JSON.stringify(isSeen ? x : undefined);
          if (!isEqual) found.push({ clause, context, vendors, condition });
        }
      }
    }
    expect(found).toEqual([]);
  },
);

it("names the part that decides, and the share of a rollout", async () => {
  const rollouts = ["rollout", "experiment"].flatMap((kind) =>
    [
      [0, 100_000],
      [30_000, 70_000],
      [50_000, 50_000],
      [100_000, 0],
      [20_000, 20_000],
    ].map((weights) => ({
      ...{ kind, variations: weights.map((weight, variation) => ({ variation, weight })) },
    })),
  );
  const parts: readonly Members[] = [
    { on: false },
    { on: false, offVariation: 1 },
    { targets: [{ variation: 1, values: ["u1", "u2"] }] },
    { contextTargets: [{ contextKind: "org", variation: 1, values: ["o1", "o2"] }] },
    { prerequisites: [{ key: "gold", variation: 1 }] },
    { prerequisites: [{ key: "gold", variation: 0 }], offVariation: 1 },
    ...rollouts.flatMap((rollout) => [
      { fallthrough: { rollout } },
      { rules: [{ ...rule("r", IS_GOLD), variation: undefined, rollout }] },
    ]),
  ];
  const named = Object.fromEntries(parts.map((it, i) => [`f${i}`, it]));
  const { asked, explained } = evaluatorsOf({ gold: { rules: [rule("gold", IS_GOLD)] }, ...named });
  const keys: Readonly<Record<string, RegExp>> = {
    ...{ OFF: /^off$/, FALLTHROUGH: /^fallthrough$/, TARGET_MATCH: /^target/ },
    ...{ RULE_MATCH: /^r/, PREREQUISITE_FAILED: /^prerequisites$/ },
  };
  const found: unknown[] = [];
  for (let n = 0; n < 40; n++) {
    const user = { key: `u${n}`, plan: n % 2 === 0 ? "gold" : "basic" };
    const context = { kind: "multi", user, org: { key: `o${n}` } };
    // Two users in a row have both plans, and the first ones are targets.
    for (const flag of Object.keys(named).filter((_, i) => isInPart(n >> 1, i >> 2))) {
      const vendors = await asked(flag, context);
      const allocations = explained(flag, context);
      const applying = allocations.filter((it) => it.outcome === "applies");
      const { kind = "" } = ("reason" in vendors ? vendors.reason : {}) as { kind?: string };
      const holding = applying.flatMap((it) => it.splits).filter((it) => it.outcome === "holds");
      const shards = applying.flatMap((it) => it.splits).flatMap((it) => it.shards);
      const isRight =
        applying.length === 1 &&
        keys[kind]?.test(applying[0]?.key ?? "") &&
        holding.map((it) => it.variation).join() ===
          String("variationIndex" in vendors ? vendors.variationIndex : null) &&
        shards.every((it) => it.shard !== null) &&
        allocations.every(
          (it) => it === applying[0] || it.splits.every((s) => s.outcome === "not-reached"),
        );
      if (!isRight) found.push({ flag: named[flag], user, vendors, allocations });
    }
  }
  expect(found).toEqual([]);
});

it.each<readonly [clause: Members, reads: readonly string[]]>([
  [IS_GOLD, ["plan"]],
  [{ ...IS_GOLD, attribute: "/address/city", contextKind: "user" }, ["address"]],
  [{ ...IS_GOLD, contextKind: "org" }, ["org.plan"]],
  [{ ...IS_GOLD, attribute: "/a~1b/c", contextKind: "org" }, ["org.a/b"]],
  [{ ...IS_GOLD, attribute: "//", contextKind: "user" }, []],
  [{ attribute: "", op: "segmentMatch", values: ["inner"] }, ["country"]],
  [{ attribute: "", op: "segmentMatch", values: ["outer", "inner", "none"] }, ["country"]],
])("names the attributes that a clause reads: %j", (clause, reads) => {
  const segment = (key: string, of: object) => ({
    key,
    version: 1,
    salt: key,
    rules: [{ clauses: [of] }],
  });
  const { configuration } = evaluatorsOf(
    { f: { rules: [rule("r", clause)] } },
    {
      inner: segment("inner", { attribute: "country", op: "in", values: ["DK"] }),
      outer: segment("outer", { attribute: "", op: "segmentMatch", values: ["inner", "outer"] }),
    },
  );
  const [first] = launchdarklyExplainer.readsOf(configuration, "f");
  expect(first?.comparisons.map((it) => it.attribute)).toEqual(reads);
});

const UNITS: readonly (readonly [rollout: Members, name: string])[] = [
  [{}, "user"],
  [{ bucketBy: "company" }, "company of user"],
  [{ contextKind: "org" }, "org"],
  [{ contextKind: "org", bucketBy: "/address/region" }, "address.region of org"],
];

it.each(UNITS)("gives a subject the unit that a rollout hashes: %j", (rollout, name) => {
  const flag = { fallthrough: { rollout: { ...rollout, variations: shares } } };
  const { client, configuration } = evaluatorsOf({
    f: flag,
    gold: { rules: [rule("r", IS_GOLD)] },
  });
  const unit = launchdarklyExplainer.describe(configuration, "f").allocations.at(-1)?.unit;
  expect(unit?.name).toBe(name);
  for (const attributes of [
    {},
    { plan: "gold" },
    { kind: "multi", user: { key: "m" } },
    { kind: "multi", user: { key: "m" }, org: { key: "o", address: { region: "EU" } } },
  ]) {
    const subject = { key: "u", attributes };
    const own = launchdarklyExplainer.withUnit(unit as never, subject, "unit-1");
    const key = name === "user" && !("kind" in attributes) ? "unit-1" : "u";
    expect(launchdarklyExplainer.unitOf(unit as never, { key, attributes: own })).toBe("unit-1");
    expect("kind" in own).toBe("kind" in attributes || !/user$/.test(name));
    // Its other attributes stay.
    const question = { flagKey: "gold", subjectKey: "u", attributes: own, nowMs: 0 };
    expect(client.answer(question).value).toBe("plan" in attributes);
  }
});

it.each<readonly [flag: Members, reason: string]>([
  [{ on: false }, "disabled"],
  [{}, "static"],
  [{ rules: [rule("r", { ...IS_GOLD, values: ["none"] })] }, "fallthrough"],
  [{ targets: [{ variation: 1, values: ["u"] }] }, "rule"],
  [{ rules: [rule("r", IS_GOLD)] }, "rule"],
  [{ fallthrough: { rollout: { variations: shares } } }, "split"],
  [{ fallthrough: { rollout: { variations: [{ variation: 1, weight: 100_000 }] } } }, "static"],
  [
    {
      rules: [
        { ...rule("r", IS_GOLD), variation: undefined, rollout: { variations: shares.slice(1) } },
      ],
    },
    "rule",
  ],
])("says how a flag assigns: %j", (flag, reason) => {
  const { configuration } = evaluatorsOf({ f: flag });
  const seen: ObservedEvaluation[] = [];
  const client = createClient({
    ...{ initialConfiguration: configuration, assignmentLogger: null },
    onEvaluation: (it) => void seen.push(it),
  });
  client.getBooleanAssignment("f", "u", { plan: "gold" }, false);
  expect(seen.map((it) => it.reason)).toEqual([reason]);
});

it.each([
  { variations: [false, true], variation: "1", value: true },
  { variations: [false, true], variation: "true", value: true },
  { variations: [false, true], variation: "false", value: false },
  { variations: ["a", "true"], variation: "true", value: "true" },
  { variations: ["a", "b"], variation: "b", value: "b" },
  { variations: [5, 7], variation: "7", value: "default" },
  { variations: [5, 7], variation: "0", value: 5 },
  { variations: [null, { x: 1 }], variation: "1", value: { x: 1 } },
  { variations: [null, 1], variation: "null", value: "default" },
])(
  "finds the value of an override: $variation of $variations",
  ({ value, variation, variations }) => {
    const { text } = evaluatorsOf({ f: { on: false, offVariation: null, variations } });
    const client = clientOf(text).withOverrides({ f: variation });
    expect(
      client.evaluate({ flagKey: "f", subjectKey: "u", defaultValue: "default" }).value,
    ).toEqual(value);
  },
);

it.each<readonly [attributes: Members, lacking: readonly string[]]>([
  [{}, ["org"]],
  [{ kind: "user" }, []],
  [{ kind: "multi", user: { key: "u" } }, []],
  [{ kind: "org" }, []],
])("names the kind of context that a subject without kinds lacks: %j", (attributes, lacking) => {
  const clause = { ...IS_GOLD, contextKind: "org" };
  const { configuration } = evaluatorsOf({
    clause: { rules: [rule("r", clause)] },
    rollout: { fallthrough: { rollout: { contextKind: "org", variations: shares } } },
    target: { contextTargets: [{ contextKind: "org", variation: 1, values: ["o"] }] },
  });
  for (const key of ["clause", "rollout", "target"]) {
    const lacks: string[] = [];
    const call = {
      ...{ configuration, trace: null, expectedType: null, extras: null, nowMs: () => 0 },
      ...{
        memo: () => new Map(),
        expose() {},
        hashedBy() {},
        lacks: (it: string) => void lacks.push(it),
      },
    };
    configuration.flag(key)?.evaluate({ key: "u", attributes: attributes as never }, call);
    expect([key, [...new Set(lacks)]]).toEqual([key, lacking]);
  }
});
