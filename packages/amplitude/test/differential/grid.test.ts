// Each flag has one condition or one split, so no other part of the flag can hide a difference.
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "@sortition/core/dialect";
import { pathsOf, pathText, withNode } from "@sortition/dialect-kit/fuzz";
import { isInPart, PARTS } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { DISTRIBUTION_SHARDS } from "../../src/dialect/evaluation/bucket.js";
import type { ExperimentUser } from "../../src/dialect.js";
import { amplitudeExplainer } from "../../src/explain.js";
import { Ours } from "./ours.js";
import type { Outcome } from "./outcome.js";
import { FAMILIES, LISTED, OPERATORS, PROPERTY_VALUES } from "./values.js";
import { Vendor } from "./vendor.js";

// The insert ids of events contain the day.
beforeAll(() => vi.useFakeTimers({ now: 0, toFake: ["Date"] }));
afterAll(() => vi.useRealTimers());

const PROPERTIES = [...Object.values(PROPERTY_VALUES).flat(), ...Object.values(LISTED).flat()];
const ALL = {
  range: [0, 100],
  distributions: [{ variant: "on", range: [0, DISTRIBUTION_SHARDS] }],
};
const X = ["context", "user", "user_properties", "x"];
const BUCKET = { selector: ["context", "user", "user_id"], salt: "s", allocations: [ALL] };
const COHORTS = [{ cohortId: "c1", groupType: "User", lastModified: 1, size: 1, memberIds: ["u"] }];

const configured = (segments: readonly object[]) => ({
  flags: segments.map((it, i) => ({
    key: `f${i}`,
    variants: { on: { key: "on", value: "on" }, off: { key: "off" } },
    segments: [it],
    metadata: { flagVersion: 1, flagType: "experiment" },
  })),
  cohorts: COHORTS,
  cacheCapacity: 1,
});
/** A call that throws has no variants: on a malformed flag the vendor throws, and we leave out the flag. */
const variantsOf = (outcome: Outcome): Readonly<Record<string, unknown>> =>
  ("throws" in outcome ? {} : outcome.variants) as Record<string, unknown>;
const callOf = (user: object, flagKeys?: string[]) => ({
  user: user as ExperimentUser,
  flagKeys,
  isDeprecated: false,
  tracksExposure: false,
  nowMs: 0,
});

/** Returns the highest start of a range that includes the user, according to the vendor's SDK. */
async function edgeOf(
  user_id: string,
  end: number,
  segmentOf: (range: readonly number[]) => object,
): Promise<number> {
  let [low, high] = [0, end];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const vendor = new Vendor(configured([segmentOf([middle, end])]));
    if ("f0" in variantsOf(await vendor.run(callOf({ user_id })))) low = middle;
    else high = middle;
  }
  return low;
}

/** Returns the inputs for which the variants differ. Each segment is in its own flag. */
async function differences(
  segments: readonly object[],
  users: readonly object[],
): Promise<unknown[]> {
  const found: unknown[] = [];
  // The vendor's SDK evaluates all flags in each call, so a part of the pairs has a configuration of its own.
  for (let part = 0; part < PARTS; part++) {
    const some = segments.filter((_, column) => isInPart(part, column));
    if (some.length === 0) continue;
    const asked = users.filter((_, row) => users.length < PARTS || isInPart(row, part));
    found.push(...(await differencesOf(configured(some), asked)));
  }
  return found;
}

async function differencesOf(
  configuration: ReturnType<typeof configured>,
  users: readonly object[],
): Promise<unknown[]> {
  const found: unknown[] = [];
  const [ours, vendor] = [new Ours(configuration), new Vendor(configuration)];
  for (const user of users) {
    const [a, b] = [variantsOf(ours.run(callOf(user))), variantsOf(await vendor.run(callOf(user)))];
    for (const flag of configuration.flags) {
      const answers = { ours: a[flag.key], vendor: b[flag.key] };
      if (!isDeepStrictEqual(answers.ours, answers.vendor)) found.push({ flag, user, ...answers });
    }
  }
  return found;
}

it.each(FAMILIES)(
  "evaluates every operator, listed value and property like the vendor: %s",
  async (family) => {
    const listed = [...LISTED[family].map((value) => [value]), [], LISTED[family]];
    const selectors = [["user_properties", "x"], ["country"]].map((path) => [
      "context",
      "user",
      ...path,
    ]);
    const segments = selectors.flatMap((selector) =>
      OPERATORS[family].flatMap((op) =>
        listed.map((values) => ({ conditions: [[{ selector, op, values }]], bucket: BUCKET })),
      ),
    );
    const users = PROPERTIES.map((x) => ({ user_id: "u", user_properties: { x }, country: x }));
    expect(await differences(segments, users)).toEqual([]);
  },
);

const TEXTS = [
  ...["a", "A", "true", "TRUE", "False", "", "(none)", "1", "2.5", "-3", "1.2.3", "1.2.3-b"],
];
const ODD = [...TEXTS, 1, 2.5, true, null, {}];
const FILLERS = Array.from({ length: 9 }, (_, i) => `filler-${i}`);
/** Short and long lists take different paths. */
const LISTS: readonly (readonly unknown[])[] = [
  ...ODD.flatMap((it) => [[it], [...FILLERS, it], [it, ...FILLERS, "true"]]),
  ...[[], TEXTS, ODD, [...FILLERS, "a", "1", "1.2.3"]],
  ["0.9", "1.2.3", "1.2.4", "10.0", ...FILLERS],
];
const LIST_PROPERTIES: readonly unknown[] = [
  ...[...TEXTS, ...TEXTS.map((it) => [it]), [], ["b", "a"], ["tRUE", "b"], ["false", "filler-3"]],
  ...[FILLERS, [...FILLERS, "a"], [...FILLERS, ...TEXTS], [null, "", 1, true, { a: 1 }]],
  ...['["a","true"]', ["1.2.2", "x"], ["9", "1.2.9", "10.0.0"]],
];

it.each(
  Object.values(OPERATORS)
    .flat()
    .filter((it, i) => !/regex|contain$/.test(it) && isInPart(i)),
)("evaluates lists of values and properties like the vendor: %s", async (op) => {
  const users = LIST_PROPERTIES.map((x) => ({ user_id: "u", user_properties: { x } }));
  // One flag at a time, because the vendor's SDK evaluates no flag if it throws for one.
  for (const values of LISTS) {
    const segment = { conditions: [[{ selector: X, op, values }]], variant: "on" };
    expect(await differences([segment], users)).toEqual([]);
  }
});

const likeList = (...items: readonly unknown[]): object => ({ ...items, length: items.length });
/** Selectors that are no list of names. */
const ODD_SELECTORS: readonly unknown[] = [
  ...["", "u", "context", 0, 5, true, false, null, {}, [], { length: 0 }, { 0: "context" }],
  ...[likeList(...X), likeList("context", "user", "user_id"), likeList("context", "user")],
  ...[likeList("context"), likeList("context", "user", "cohort_ids"), likeList("", "user")],
  ...[5, 3.5, 2.1, -1].map((length) => ({ ...X, length })),
  ...[{ length: -0.5 }, [...X.slice(0, 3), 5], likeList(...X.slice(0, 3), 5)],
  ...[[...X.slice(0, 3), 0], ["context", "user", 1e21], [5], [[]], [{}]],
  ...[
    [["context"], ["user"], ["user_id"]],
    ["context", "user", true],
    [null, "user"],
  ],
  ...[
    [...X.slice(0, 3), "list", 1],
    ["context", "user", "user_id", 0],
  ],
];

it.each(ODD_SELECTORS.map((selector) => ({ selector })))(
  "reads a selector of another type like the vendor: $selector",
  async ({ selector }) => {
    const properties = { x: "red", 5: "five", 0: "zero", list: ["a", "b"] };
    const user = { user_id: "u", 1e21: "big", true: "yes", user_properties: properties };
    const conditions = [
      ["regex match", "."],
      ["is", "(none)"],
      ["set contains any", "c1"],
    ].map(([op, ...values]) => [[{ selector, op, values }]]);
    for (const segment of [
      ...conditions.map((it) => ({ conditions: it, variant: "on" })),
      { bucket: { ...BUCKET, selector }, variant: "off" },
    ]) {
      expect(await differences([segment], [user])).toEqual([]);
    }
  },
);

/** Listed values that are no list. */
const NO_LISTS: readonly unknown[] = [
  ...["", "a", "ab", "5", "(none)", "😀", "true", undefined, null, 0, 5, true, false, {}],
  ...[likeList(), likeList("a"), likeList("a", "b"), likeList("(none)"), likeList(5)],
  ...[likeList("TRUE"), { length: -1 }, { 0: "a", length: 0.5 }, { 0: "a", length: 2 }],
  { 1: "a", length: 2 },
];

it.each(Object.values(OPERATORS).flat())(
  "evaluates values that are no list like the vendor: %s",
  async (op) => {
    const lists = [["a"], ["a", "b"], ["b", "a", "a"], [], ["true"]];
    const users = [undefined, null, "a", "xAy", "", "true", 5, ...lists].map((x) => ({
      user_properties: { x },
    }));
    for (const values of NO_LISTS.filter((_, i) => isInPart(op.length, i))) {
      const segment = { conditions: [[{ selector: X, op, values }]], variant: "on" };
      expect(await differences([segment], users)).toEqual([]);
    }
  },
);

it("splits like the vendor at the edges of allocations and distributions", async () => {
  for (const [row, user_id] of ["u1", "u2", "ü3", "42"].entries()) {
    const percentile = await edgeOf(user_id, 100, (range) => ({
      bucket: { ...BUCKET, allocations: [{ ...ALL, range }] },
    }));
    const share = await edgeOf(user_id, DISTRIBUTION_SHARDS, (range) => ({
      bucket: { ...BUCKET, allocations: [{ ...ALL, distributions: [{ variant: "on", range }] }] },
    }));
    const near = (at: number, end: number) => [
      0,
      at - 1,
      at,
      at + 0.5,
      at + 1,
      end,
      end - 1,
      -1,
      String(at),
      null,
    ];
    const pairs = (them: readonly unknown[]) => them.flatMap((a) => them.map((b) => [a, b]));
    const allocations = pairs(near(percentile, 100)).map((range) => [{ ...ALL, range }]);
    const parts = pairs(near(share, DISTRIBUTION_SHARDS)).flatMap((range) => {
      const part = { variant: "on", range };
      return [
        [part],
        [part, { variant: "off", range: [0, DISTRIBUTION_SHARDS] }],
        [{ variant: "none", range }],
      ].map((distributions) => [{ ...ALL, distributions }]);
    });
    const segments = [...allocations, ...parts].flatMap((it) =>
      [{}, { variant: "off" }].map((more) => ({ bucket: { ...BUCKET, allocations: it }, ...more })),
    );
    const some = segments.filter((_, column) => isInPart(row, column + Math.floor(column / PARTS)));
    expect(await differences(some, [{ user_id }])).toEqual([]);
  }
});

it("falls back like the vendor without an id to hash", async () => {
  const selectors = ["user_id", "device_id", "country"].map((it) => ["context", "user", it]);
  selectors.push(
    ["context", "groups", "org", "group_name"],
    ["context", "user", "user_properties", "x"],
  );
  const conditions = [
    [],
    [[]],
    [[{ selector: ["context", "user", "cohort_ids"], op: "set contains any", values: ["c1"] }]],
    [[{ selector: ["context", "user", "country"], op: "is", values: ["(none)"] }]],
  ];
  const segments = selectors.flatMap((selector) =>
    [undefined, "off", "none"].flatMap((variant) =>
      conditions.map((it) => ({ conditions: it, bucket: { ...BUCKET, selector }, variant })),
    ),
  );
  const ids = [undefined, null, "", "u", 7, true, ["a"], { a: 1 }];
  const users = ids.flatMap((id) => [
    { user_id: id },
    { device_id: id },
    { user_id: "u", country: id, groups: { org: ["acme"] } },
    { user_properties: { x: id } },
  ]);
  expect(await differences(segments, users)).toEqual([]);
});

it("looks in the cohorts of users and groups like the vendor", async () => {
  const lists = [[], ["c1"], ["c2"], ["c2", "c1"], ["true"], [""], ["", "c1"], ["(none)"]];
  const selectors = [
    ["user", "cohort_ids"],
    ["user", "cohort_ids", "0"],
    ["groups", "org", "cohort_ids"],
  ];
  const given = [undefined, null, [], ["c1"], ["c2", "true"], "c1", '["c1"]', 7, {}];
  const users = ["u", "v", "", undefined].flatMap((user_id) =>
    given.map((cohort_ids) => ({ user_id, cohort_ids, groups: { org: ["acme"] } })),
  );
  for (const [row, values] of lists.entries()) {
    for (const selector of selectors.filter((_, column) => isInPart(row, column))) {
      const conditions = OPERATORS.set.map((op) => [
        [{ selector: ["context", ...selector], op, values }],
      ]);
      // One list per configuration, because clients only write the cohorts that a flag refers to.
      const segments = conditions.map((it) => ({ conditions: it, variant: "on" }));
      expect(await differences(segments, users)).toEqual([]);
    }
  }
});

it("converts the attributes of a subject to the user for whom the vendor has the same result", async () => {
  const fields = ["user_id", "country", "device_id"].map((it) => [it]);
  const selectors = [...fields, ["user_properties", "x"], ["user_properties", "country"]];
  const segments = selectors.flatMap((path) =>
    ["s", "a", "b", "(none)"].map((value) => ({
      conditions: [[{ selector: ["context", "user", ...path], op: "is", values: [value] }]],
      variant: "on",
    })),
  );
  const configuration = configured(segments);
  const [{ configuration: ours }, vendor] = [new Ours(configuration), new Vendor(configuration)];
  const user_id = "s";
  const unused = () => {
    throw new Error("expected no typed getter");
  };
  const table: readonly (readonly [attributes: JsonObject, user: object])[] = [
    [{}, { user_id }],
    [{ x: "a" }, { user_id, user_properties: { x: "a" } }],
    [{ user_properties: { x: "a" } }, { user_id, user_properties: { x: "a" } }],
    [
      { user_properties: { x: "a" }, x: "b" },
      { user_id, user_properties: { x: "b" } },
    ],
    [
      { user_properties: "ab", x: "b" },
      { user_id, user_properties: { x: "b" } },
    ],
    [
      { user_properties: null, country: "a" },
      { user_id, country: "a" },
    ],
    [{ user_properties: { country: "a" } }, { user_id, user_properties: { country: "a" } }],
    [
      { user_id: "a", device_id: "b" },
      { user_id, device_id: "b" },
    ],
  ];
  for (const [attributes, user] of table) {
    const variants = variantsOf(await vendor.run(callOf(user)));
    for (const { key: flagKey } of configuration.flags) {
      const question = { attributes, flagKey, subjectKey: "s", nowMs: 0 };
      const { value } = amplitudeExplainer.answer(ours, question, unused);
      expect(value ?? undefined, JSON.stringify([attributes, flagKey])).toEqual(variants[flagKey]);
    }
  }
});

/** Replaces everything in a value that is not an object or a list. */
function spoil(value: object): void {
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === "object" && member !== null) spoil(member as object);
    else (value as Record<string, unknown>)[name] = "spoilt";
  }
}

it("returns variants that callers can change without changing later results", () => {
  const nested = [{ a: { b: { c: [1] } } }, [[{ d: 1 }]], { e: [{ f: { g: 1 } }] }];
  const flags = ["payload", "metadata", "value", "more"].flatMap((member) =>
    nested.map((it, i) => ({
      key: `${member} ${i}`,
      variants: { on: { key: "on", value: "on", [member]: it } },
      segments: [{ variant: "on", metadata: { segment: it } }],
      metadata: { flag: it },
    })),
  );
  const ours = new Ours({ flags, cohorts: [], cacheCapacity: 1 });
  const variants = () => variantsOf(ours.run(callOf({ user_id: "u" })));
  const given = variants();
  const first = structuredClone(given);
  spoil(given);
  expect(Object.keys(first)).toHaveLength(flags.length);
  expect(variants()).toEqual(first);
});

it("reports the path of each list and object of a flag that has another type", () => {
  const [flag] = configured([
    {
      variant: "on",
      conditions: [[{ selector: ["context", "user", "country"], op: "is", values: ["DK"] }]],
      bucket: BUCKET,
    },
  ]).flags;
  const parts = pathsOf({ segments: flag?.segments }).slice(1);
  const found = parts.flatMap((path) =>
    [5, true, {}, []].flatMap((other) => {
      let isReplaced = false;
      const spoilt = withNode(flag, path, (part) => {
        isReplaced = typeof part === "object" && Array.isArray(part) !== Array.isArray(other);
        return isReplaced ? other : part;
      });
      if (!isReplaced) return [];
      const { issues } = new Ours(configured([]), [spoilt as object]).configuration;
      const place = pathText(path).replace("$", '$[?(@.key=="f0")]');
      return issues.some((it) => it.path === place) ? [] : [{ place, other, issues }];
    }),
  );
  expect(found).toEqual([]);
});

it("describes as assigned the variants that the vendor assigns to subjects", async () => {
  const MIDDLE = 21_474_836;
  const part = (variant: string, start: number, end: number) => ({ variant, range: [start, end] });
  const traffic = [
    ["on", "off"].map((it) => part(it, 0, DISTRIBUTION_SHARDS)),
    [part("on", 0, MIDDLE), part("off", MIDDLE, DISTRIBUTION_SHARDS)],
    [part("on", 0, MIDDLE), part("off", MIDDLE, MIDDLE)],
    [part("none", 0, DISTRIBUTION_SHARDS)],
    [],
  ].flatMap((distributions) => [100, 50, 0].map((end) => [{ range: [0, end], distributions }]));
  const selectors = [["user_id"], ["device_id"], ["user_properties", "x"]];
  const buckets = [
    ...traffic.flatMap((allocations) =>
      selectors.map((path) => ({
        bucket: { selector: ["context", "user", ...path], salt: "s", allocations },
      })),
    ),
    {},
  ];
  const conditions = [
    {},
    {
      conditions: [[{ selector: ["context", "user", "country"], op: "is", values: ["DK"] }]],
    },
  ];
  const firsts = buckets.flatMap((bucket) =>
    conditions.flatMap((it) =>
      [{}, { variant: "own" }, { variant: "none" }].map((own) => ({ ...bucket, ...it, ...own })),
    ),
  );
  const names = ["on", "off", "own", "spare"];
  const variants = Object.fromEntries(names.map((it) => [it, { key: it, value: it }]));
  const flags = firsts
    .filter((_, i) => isInPart(i, Math.floor(i / PARTS)))
    .flatMap((first) => [[first], [first, { variant: "spare" }]])
    .map((segments, i) => ({ key: `f${i}`, variants, segments }))
    .filter((_, i) => isInPart(i, Math.floor(i / PARTS)));
  const configuration = { flags, cohorts: [], cacheCapacity: 1 };
  const [vendor, ours] = [new Vendor(configuration), new Ours(configuration)];
  const users = Array.from({ length: 40 }, (_, i) => `u${i}`).flatMap((user_id) =>
    ["DK", "SE"].flatMap((country) =>
      [{}, { device_id: `d${user_id}`, user_properties: { x: user_id } }].map((more) => ({
        ...{ user_id, country },
        ...more,
      })),
    ),
  );
  const answers: Readonly<Record<string, unknown>>[] = [];
  for (const user of users) answers.push(variantsOf(await vendor.run(callOf(user))));
  const found = flags.flatMap((flag) => {
    const given = answers.map((it) => (it[flag.key] as { value?: string } | undefined)?.value);
    const assigned = names.filter((it) => given.includes(it));
    const vendors = {
      values: names,
      assigned,
      isForAll: assigned.length > 0 && !given.includes(undefined),
    };
    const getter = amplitudeExplainer
      .gettersOf(ours.configuration, flag.key)
      .find(({ type }) => type === "string");
    const described = {
      values: names.filter((it) => getter?.values.includes(it)),
      assigned: names.filter((it) => getter?.assigned.includes(it)),
      isForAll: getter?.isForAll,
    };
    // A variant that does not exist leaves the shares of the others unknown.
    const isKnown = !JSON.stringify(flag.segments).includes('"none"');
    const isRight = isKnown
      ? isDeepStrictEqual(described, vendors)
      : assigned.every((it) => described.assigned.includes(it)) &&
        (vendors.isForAll || described.isForAll === false);
    return isRight ? [] : [{ flag: JSON.stringify(flag.segments), described, vendors }];
  });
  expect(found).toEqual([]);
});

it.each(FAMILIES)(
  "evaluates listed values of the wrong type like the vendor: %s",
  async (family) => {
    const odd = ["red", "", [5], [true], [null], [{}], [["red"]], [{}, "red"], ["red", null]];
    const selector = ["context", "user", "user_properties", "x"];
    const segments = OPERATORS[family].flatMap((op) =>
      odd.map((values) => ({ conditions: [[{ selector, op, values }]], bucket: BUCKET })),
    );
    const configuration = configured(segments);
    const [ours, vendor] = [new Ours(configuration), new Vendor(configuration)];
    const xs = [undefined, null, "red", "1", 5, true, [], ["red"], { a: 1 }];
    for (const [row, x] of xs.entries()) {
      for (const { key, segments } of configuration.flags.filter((_, i) => isInPart(row, i))) {
        const call = callOf({ user_id: "u", user_properties: { x } }, [key]); // one flag per call, because the vendor may throw
        const [a, b] = [variantsOf(ours.run(call)), variantsOf(await vendor.run(call))];
        expect(a, JSON.stringify([x, segments])).toEqual(b);
      }
    }
  },
);

it("logs the events of each kind of flag and variant like the vendor", async () => {
  const types = [undefined, "release", "experiment", "mutual-exclusion-group", "holdout-group"];
  const tracked = [{}, { trackAssignment: false, trackExposure: false }, { flagVersion: "3" }];
  const variants = [
    { key: "on", value: "on" },
    { key: "on", value: 7, metadata: { experimentKey: "exp-1" } },
    { key: "on", metadata: { default: true } },
    { value: "keyless" },
    { key: "" },
  ];
  const users: ExperimentUser[] = [
    { user_id: "u" },
    { device_id: "d" },
    { user_id: "u", device_id: "d", groups: { org: ["acme"] }, user_properties: { x: 1 } },
    {},
  ];
  for (const flagType of types) {
    for (const more of tracked) {
      for (const on of variants.filter((_, i) => isInPart(i, types.indexOf(flagType)))) {
        const configuration = {
          ...configured([{ variant: "on", metadata: { segmentName: "All users" } }]),
          cacheCapacity: 2,
        };
        const flags = configuration.flags.map((flag) => ({
          ...flag,
          variants: { on },
          metadata: { flagVersion: 1, flagType, ...more },
        }));
        const [ours, vendor] = [
          new Ours({ ...configuration, flags }),
          new Vendor({ ...configuration, flags }),
        ];
        for (const user of [...users, ...users]) {
          for (const tracksExposure of [true, false]) {
            const call = { ...callOf(user), tracksExposure };
            const input = JSON.stringify([flags, call]);
            expect(ours.run(call), input).toEqual(await vendor.run(call));
          }
        }
      }
    }
  }
});

interface Members {
  readonly on?: object;
  readonly metadata?: object;
}

it("writes each field of an event like the vendor", async () => {
  const odd = [undefined, null, 0, 1, "", "x", true, false, [], {}];
  const metadata = ["flagVersion", "segmentName", "experimentKey", "trackExposure", "default"];
  const members = [
    ...metadata.flatMap((name) => odd.map((it) => ({ metadata: { [name]: it } }))),
    ...odd.flatMap((segmentName) =>
      odd.map((flagVersion) => ({ metadata: { segmentName, flagVersion } })),
    ),
    ...["experiment", "release", "mutual-exclusion-group", null, ""].flatMap((flagType) =>
      [true, false].map((it) => ({ metadata: { flagType, default: it } })),
    ),
    ...odd.flatMap((key) => odd.map((value) => ({ on: { key, value } }))),
  ];
  const keys = ["f", " f ", "7", "toString", "ü"];
  const flags = members.map(({ on = {}, metadata: more = {} }: Members, i) => ({
    key: keys[i % keys.length],
    variants: { on: { key: "on", value: "v", ...on } },
    segments: [{ variant: "on", metadata: more }],
    metadata: i % 2 === 0 ? {} : more,
  }));
  const ids = [undefined, null, "u", " u ", "", 7];
  const users = [
    ...ids.flatMap((user_id) => ids.map((device_id) => ({ user_id, device_id }))),
    // An event of the same user and variant would be left out.
    ...[...odd, { org: ["a", "b"], team: "t" }].map((groups, i) => ({ user_id: `u${i}`, groups })),
    { device_id: "d", country: "DK", version: null, user_properties: { plan: "a" } },
  ];
  const found: unknown[] = [];
  for (const [i, flag] of flags.filter((_, i) => isInPart(i)).entries()) {
    const received = JSON.parse(JSON.stringify(flag)); // without absent members
    const configuration = { flags: [received], cohorts: [], cacheCapacity: 100 };
    const [ours, vendor] = [new Ours(configuration), new Vendor(configuration)];
    for (const user of users.filter((_, row) => isInPart(row, i))) {
      const call = { ...callOf(user), tracksExposure: true, nowMs: 0 };
      const answers = [ours.run(call), await vendor.run(call)];
      if (!isDeepStrictEqual(answers[0], answers[1]))
        found.push({ flag: JSON.stringify(flag), user, answers: JSON.stringify(answers) });
    }
  }
  expect(found).toEqual([]);
});
