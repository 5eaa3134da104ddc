// Each flag has one condition or one split, so no other part of the flag can hide a difference.
import { isDeepStrictEqual } from "node:util";
import { GrowthBookClient } from "@growthbook/growthbook";
import { isInPart, isWhole } from "@sortition/test-kit";
import { expect, it, vi } from "vitest";
import type { Session } from "./calls.js";
import { FAMILIES } from "./conditions.js";
import { askOurs } from "./ours.js";
import type { Payload } from "./payloads.js";
import { askVendor } from "./vendor.js";

const VALUES: readonly unknown[] = [
  ...[
    "a",
    "A",
    "b",
    "",
    "1",
    "10",
    "9",
    "null",
    "true",
    "1.2.3",
    "1.2.3-rc.1",
    "v1.10.0+build",
    "2",
    "ß",
    "SS",
  ],
  ...[0, -0, 1, -1, 1.5, 10, 1e21, true, false, null, undefined],
  ...[
    [],
    ["a"],
    ["A", "b"],
    ["a", "a"],
    [1, 2, null],
    [["a"]],
    {},
    { a: 1 },
    [{ a: 1 }, { a: "b" }],
    "vip",
    ["vip"],
    { $eq: "a", a: 1 },
  ],
];
const TYPES = ["string", "number", "boolean", "array", "object", "null", "undefined"];
const PATTERNS = ["^a", "A", "\\d+", "^.$", "null", "(", "/", "a|B"];
const INNER = [
  { $eq: "a" },
  { $gt: 1 },
  { $in: ["a", 1] },
  { $regex: "^a" },
  { a: 1 },
  { $not: { $eq: "a" } },
  { $size: 2 },
  { $eq: "a", a: 1 }, // not only operators, so it is a value
];
/** Lists of more than eight elements are searched in another way. */
const FILLERS = Array.from({ length: 9 }, (_, i) => `filler-${i}`);
const LONG_LISTS = [
  FILLERS,
  ...VALUES.filter((it) => it !== undefined).map((it) => [...FILLERS, it]),
];
/** An element that cannot be converted to a string. */
const UNREADABLE = { toString: null, valueOf: null };
const LONG_VALUES: readonly unknown[] = [
  ...[...LONG_LISTS, FILLERS.slice(1), FILLERS.map((it) => it.toUpperCase())],
  ...[
    [...FILLERS, UNREADABLE],
    [UNREADABLE, ...FILLERS],
    [[["a"]], ...FILLERS],
  ],
  // biome-ignore lint/suspicious/noSparseArray: a hole is an element
  ...[[...FILLERS, , "undefined"], Object.assign([...FILLERS], { length: 12 })],
];
const OPERANDS: Readonly<Record<string, readonly unknown[]>> = {
  // Patterns that are not strings are a deliberate difference.
  ...{
    patterns: [...PATTERNS, ...VALUES.filter((it) => typeof it === "string")],
    existence: [...VALUES, ...TYPES],
  },
  ...{ lists: [...VALUES, ...INNER, ...LONG_LISTS], negation: [...VALUES, ...INNER] },
  ...{ membership: [...VALUES, ...LONG_LISTS], "folded membership": [...VALUES, ...LONG_LISTS] },
};
const GROUPS = {
  vip: ["a", 1, "1"],
  typed: { values: ["a", 10] },
  byCondition: { condition: { x: "a" } },
};
const session = (
  options: Session["options"],
  asked: Session["asked"],
  docs: Session["docs"] = null,
) => ({ kind: "client" as const, options, docs, asked });

/** Returns the inputs for which the outcomes differ. */
function differences(
  { features, savedGroups = {} }: Payload,
  conditions: readonly unknown[],
  sessions: readonly Session[],
): unknown[] {
  const given = { payload: { features, savedGroups }, conditions, faults: new Map() };
  return sessions.flatMap((it): readonly object[] => {
    const [ours, vendor] = [askOurs(given, it), askVendor(given, it)];
    if (isDeepStrictEqual(ours, vendor)) return [];
    const at = it.asked.findIndex((_, i) => !isDeepStrictEqual(ours.answers[i], vendor.answers[i]));
    // If all answers are equal, callbacks or sticky buckets differ.
    if (at < 0) return [{ ...it, ours, vendor }];
    const asked = { ...it.asked[at] } as { readonly condition?: number; readonly feature?: string };
    const tested =
      asked.feature === undefined ? conditions[asked.condition ?? -1] : features[asked.feature];
    return [
      {
        options: it.options,
        docs: it.docs,
        tested,
        ours: ours.answers[at],
        vendor: vendor.answers[at],
      },
    ];
  });
}

it.each(Object.entries(FAMILIES))(
  "evaluates every operator, operand and value like the vendor: %s",
  (family, operators) => {
    const operands = (OPERANDS[family] ?? VALUES).filter((it) => it !== undefined); // as in JSON
    const literals = family === "equality" ? [...VALUES, ...INNER] : [];
    const tests = [
      ...operators.flatMap((op) => operands.map((operand) => ({ [op]: operand }))),
      ...literals.filter((it) => it !== undefined),
    ];
    const lists = [[], [{ x: "a" }], [{ x: 1 }, { x: "a" }], [{}], [{ y: { $exists: false } }]];
    const conditions =
      family === "logic"
        ? operators.flatMap((op) => lists.map((list) => ({ [op]: list })))
        : family === "references"
          ? [...Object.keys(GROUPS), "none"].flatMap((id) =>
              [{ id }, { id, attributeKey: "x" }].map((it) => ({ $savedGroup: it })),
            )
          : tests.map((test) => ({ x: test }));
    const asked = conditions.map((_, condition) => ({ condition }));
    const isOfLists = /membership|lists/.test(family);
    const sessions = [...VALUES, ...(isOfLists ? LONG_VALUES : [])].map((x, row) =>
      session(
        { attributes: x === undefined ? {} : { id: x, x } },
        asked.filter((_, column) => isInPart(row, column)),
      ),
    );
    expect(differences({ features: {}, savedGroups: GROUPS }, conditions, sessions)).toEqual([]);
  },
);

const vendor = new GrowthBookClient().initSync({ payload: { features: {} } });
const bucketOf = (id: string, seed: string, hashVersion: number) =>
  vendor.runInlineExperiment({ key: "k", variations: [0, 1], seed, hashVersion } as never, {
    attributes: { id },
  }).bucket as number;

it("splits like the vendor at the edges of each range, weight, coverage, namespace and filter", () => {
  vi.spyOn(console, "error").mockImplementation(() => {}); // both warn of a coverage outside 0 and 1
  const hashed = ["u1", "u2", "u3", "7", "ü🎉"].flatMap(
    (it) =>
      [
        [it, 1],
        [it, 2],
      ] as const,
  );
  for (const [id, hashVersion] of hashed.filter((_, i) => isWhole || i % 3 === 0)) {
    const [n, spaced] = [bucketOf(id, "s", hashVersion), bucketOf(id, "__s", 1)];
    const near = (at: number) => [
      0,
      at - 1e-4,
      at - Number.EPSILON,
      at,
      at + Number.EPSILON,
      at + 1e-4,
      1,
      2,
      -1,
    ];
    const ranges = near(n).flatMap((a) => near(n).map((b) => [a, b]));
    const experiment = (more: object) => ({
      variations: ["a", "b"],
      key: "exp",
      seed: "s",
      hashVersion,
      ...more,
    });
    const rules = [
      ...ranges.flatMap((range) => [
        { force: 1, range },
        experiment({ ranges: [range, [range[1], 1]] }),
        experiment({ coverage: range[0], weights: [range[1], 1 - range[1]!] }),
      ]),
      ...ranges.flatMap((range) => [
        { force: 1, filters: [{ seed: "s", ranges: [range], hashVersion }] },
        experiment({
          filters: [{ seed: "s", ranges: [range, [0, 0]], attribute: "id", hashVersion }],
        }),
      ]),
      ...near(n).flatMap((coverage) => [
        { force: 1, coverage },
        experiment({ coverage }),
        experiment({ coverage, weights: [0, 1] }),
        experiment({ coverage, weights: [1, 0] }),
      ]),
      ...near(spaced).flatMap((a) =>
        near(spaced).map((b) => experiment({ namespace: ["s", a, b] })),
      ),
    ].map((it) => ({ seed: "s", hashVersion, ...it }));
    const features = Object.fromEntries(
      rules.map((it, i) => [`f${i}`, { defaultValue: "default", rules: [it] }]),
    );
    const asked = Object.keys(features).map((feature) => ({ feature }));
    expect(differences({ features }, [], [session({ attributes: { id } }, asked)])).toEqual([]);
  }
});

it("uses sticky buckets and fallbacks like the vendor", () => {
  const kinds = [
    { force: 1, coverage: 0.6 },
    { force: 1, range: [0, 0.6] },
    { variations: ["a", "b"], key: "exp", meta: [{ key: "k0" }, { key: "k1" }] },
    { variations: ["a", "b"], key: "exp", coverage: 0 },
  ];
  const more = [
    {},
    { fallbackAttribute: "device" },
    { disableStickyBucketing: true, fallbackAttribute: "device" },
    { hashAttribute: "other", fallbackAttribute: "id" },
  ];
  const versions = [
    {},
    { bucketVersion: 1 },
    { bucketVersion: 1, minBucketVersion: 1 },
    { bucketVersion: 2, minBucketVersion: 2 },
    { bucketVersion: 0, minBucketVersion: 1 },
  ];
  const rules = kinds.flatMap((a) =>
    more.flatMap((b) => versions.map((c) => ({ seed: "s", hashVersion: 2, ...a, ...b, ...c }))),
  );
  const features = Object.fromEntries(
    rules.map((it, i) => [`f${i}`, { defaultValue: "default", rules: [it] }]),
  );
  const doc = (attributeName: string, attributeValue: string, key: string, version: number) => ({
    [`${attributeName}||${attributeValue}`]: {
      attributeName,
      attributeValue,
      assignments: { [`exp__${version}`]: key },
    },
  });
  const docs = [
    null,
    {},
    ...[0, 1, 2].flatMap((version) =>
      ["k0", "k1", "0", "1", "gone"].flatMap((key) => [
        doc("id", "u1", key, version),
        doc("device", "d1", key, version),
        { ...doc("id", "u1", key, version), ...doc("device", "d1", "k0", version) },
      ]),
    ),
  ];
  const users = [
    { id: "u1" },
    { id: ["u1"] },
    { device: "d1" },
    { id: "", device: "d1" },
    { id: null, device: "d1" },
    { id: "u1", device: "d1" },
    { id: "u2", device: "d2" },
    { device: "" },
    {},
    { id: 0, device: "d3" },
  ];
  const sessions = users.flatMap((attributes, user) =>
    docs.flatMap((it, row) =>
      Object.keys(features)
        .filter((_, column) => isInPart(user, row) && isInPart(row >> 2, column))
        .map((feature) => session({ attributes }, [{ feature }], it)),
    ),
  );
  expect(differences({ features }, [], sessions)).toEqual([]);
});

it("passes each field of an experiment and its result to the callbacks like the vendor", () => {
  const odd = [null, 0, 1, 2, "", "x", true, false, [], {}];
  const members = [
    ...["key", "name", "phase", "seed", "id", "hashAttribute", "fallbackAttribute", "hashVersion"],
    ...["bucketVersion", "minBucketVersion", "disableStickyBucketing", "active", "status"],
  ];
  const each = (names: readonly string[]) =>
    names.flatMap((name) => odd.map((it) => ({ [name]: it })));
  const experiments = [
    ...each(members),
    ...each(["key", "name", "passthrough"]).map((it) => ({ meta: [it, { ...it, name: "on" }] })),
    ...each(["key"]).map((it) => ({ meta: [{ key: "control" }, it] })),
  ].map((it) => ({ key: "exp", variations: ["a", { b: null }], ...it }));
  const result = { inExperiment: true, variationId: 1, value: "t", hashAttribute: "id" };
  const tracked = each(["key", "name", "phase", "inExperiment", "variationId", "hashValue"]).map(
    (it) => ({
      force: "t",
      tracks: [
        { experiment: { key: "t", variations: [0, 1], ...it }, result: { ...result, ...it } },
      ],
    }),
  );
  const rules = [...experiments, ...tracked];
  const features = Object.fromEntries(
    rules.map((it, i) => [`f${i}`, { defaultValue: "default", rules: [it] }]),
  );
  const asked = [
    ...Object.keys(features).map((feature) => ({ feature })),
    ...experiments.map((experiment) => ({ experiment })),
  ];
  const users = ["u1", "u2", 7, true, ""].map((id) => ({ id, x: "y", company: id }));
  for (const [i, kind] of (["client", "instance"] as const).entries()) {
    const sessions = users.flatMap((attributes, row) =>
      asked
        .filter((_, column) => isInPart(row + i, column))
        .map((it) => ({ ...session({ attributes }, [it, it]), kind })),
    );
    expect(differences({ features }, [], sessions)).toEqual([]);
  }
});
