// Each flag has one condition or one split, so no other part of the flag can hide a difference.
import { isDeepStrictEqual } from "node:util";
import type { Explanation } from "@sortition/core/dialect";
import { isInPart, isWhole } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Call } from "./calls.js";
import { NOW_MS } from "./configurations.js";
import { Ours } from "./ours.js";
import type { Outcome } from "./outcome.js";
import {
  ATTRIBUTE_VALUES,
  BAD_PATTERNS,
  BAD_VERSIONS,
  FAMILIES,
  OPERATORS,
  PATTERNS,
  VERSIONS,
} from "./values.js";
import { Vendor } from "./vendor.js";

// Each differs from its neighbours in one place: numbers, identifiers and their kinds, lengths, build metadata.
const MORE_VERSIONS = [
  ...["1.2.3-2", "1.2.3-10", "1.2.3-a", "1.2.3-B", "1.2.3-a.1", "1.2.3-a.1.0", "1.2.3-a-b"],
  ...["1.2.10", "1.10.3", "10.2.3", "1.2.3+a..b", "1.2.3+ü", "1.2.3-ü", "1.2.3-01", "1.2.3-0"],
  ...[
    "1.2.3+",
    "1.2.3--",
    "1.2.3--1",
    "1.2.3-a+01",
    "1.2.-3",
    " 1.2.3",
    "1.2.3-a..b",
    "0",
    "0.0.0-0",
    "9",
    "01",
  ],
];
const WANTED: Readonly<Record<string, readonly unknown[]>> = {
  ordering: [5, 0, -0, 17.5, -1, 1000, "5", null],
  list: [["US"], ["5", "true"], ["null", ""], [], ["US", 5], "US"],
  pattern: [...PATTERNS, ...BAD_PATTERNS, 5],
  presence: [true, false, "true", 0, null],
  version: [...VERSIONS, ...BAD_VERSIONS, ...MORE_VERSIONS, 1.2, null],
};
const ATTRIBUTES = [...Object.values(ATTRIBUTE_VALUES).flat(), ...MORE_VERSIONS];
const SPLIT = { variationKey: "on", shards: [] };

beforeAll(() => vi.useFakeTimers({ now: NOW_MS, toFake: ["Date"] }));
afterAll(() => vi.useRealTimers());

const textOf = (allocations: readonly object[]): string =>
  JSON.stringify({
    createdAt: new Date(NOW_MS).toISOString(),
    flags: Object.fromEntries(
      allocations.map((it, i) => [
        `f${i}`,
        {
          ...{ key: `f${i}`, enabled: true, variationType: "STRING" },
          variations: { on: { key: "on", value: "red" }, off: { key: "off", value: "blue" } },
          allocations: [{ key: "rollout", splits: [SPLIT], doLog: true, ...it }],
        },
      ]),
    ),
  });
const callOf = (flagKey: string, subject: Pick<Call, "targetingKey" | "attributes">): Call => ({
  flagKey,
  type: "string",
  defaultValue: "default",
  kinds: [],
  ...subject,
});

/** Returns whether an explanation of a flag with one allocation says what the vendor's SDK did. */
function isExplained({ errorCode, variant }: Outcome, { flag }: Explanation): boolean {
  // A flag that cannot be decoded has no parts.
  if (flag === null) return errorCode !== null;
  const [allocation] = flag.allocations;
  if (flag.allocations.length !== 1 || allocation === undefined) return false;
  const { outcome, rules, splits } = allocation;
  if (errorCode !== null || outcome === "error")
    return (errorCode !== null) === (outcome === "error");
  const holding = splits.find((it) => it.outcome === "holds");
  const holds = outcome === "no-rule-holds" ? "fails" : "holds";
  const tests = rules.flatMap((it) => [it.outcome, ...it.conditions.map((of) => of.outcome)]);
  const isTested = outcome !== "not-started" && outcome !== "ended";
  return (
    (outcome === "applies") === (variant !== null) &&
    (holding?.variation ?? null) === variant &&
    tests.every((it) => it === (isTested ? holds : "not-reached"))
  );
}

/** Returns the inputs for which value, reason, exposure or explanation differ. Each allocation is in its own flag. */
async function differences(
  allocations: readonly object[],
  subjects: readonly Pick<Call, "targetingKey" | "attributes">[],
): Promise<unknown[]> {
  const text = textOf(allocations);
  const [ours, vendor] = [new Ours(text), new Vendor(JSON.parse(text))];
  const oneOf = isWhole ? 1 : allocations.length > 200 ? 16 : 4;
  const found: unknown[] = [];
  for (const [row, subject] of subjects.entries()) {
    for (const [i, allocation] of allocations.entries()) {
      if ((row + 3 * i) % oneOf !== 0) continue;
      const call = callOf(`f${i}`, subject);
      const answers = { ours: ours.run(call), vendor: await vendor.run(call) };
      const explanation = ours.explain(call);
      const isRight = isExplained(answers.vendor, explanation);
      if (!isRight || !isDeepStrictEqual(answers.ours, answers.vendor)) {
        found.push({ allocation: JSON.stringify(allocation), subject, ...answers, explanation });
      }
    }
  }
  return found;
}

/** Returns the shard of a subject, according to the vendor's SDK. */
async function shardOf(targetingKey: string, totalShards: number): Promise<number> {
  let [low, high] = [0, totalShards];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const shards = [{ salt: "s", totalShards, ranges: [{ start: middle, end: totalShards }] }];
    const vendor = new Vendor(JSON.parse(textOf([{ splits: [{ ...SPLIT, shards }] }])));
    const { variant } = await vendor.run(callOf("f0", { targetingKey, attributes: {} }));
    if (variant === "on") low = middle;
    else high = middle;
  }
  return low;
}

it.each(FAMILIES)(
  "evaluates every operator, value and attribute like the vendor: %s",
  async (family) => {
    const operators: readonly string[] = OPERATORS[family];
    const allocations = operators.flatMap((operator) =>
      (WANTED[family] ?? []).map((value) => ({
        rules: [{ conditions: [{ attribute: "x", operator, value }] }],
      })),
    );
    const subjects = [{}, ...ATTRIBUTES.map((x) => ({ x }))].map((attributes) => ({
      targetingKey: "alice",
      attributes,
    }));
    expect(await differences(allocations, subjects)).toEqual([]);
  },
);

it.each([10_000, 7, 1, 2 ** 32 - 1].filter((_, i) => isInPart(i)))(
  "splits like the vendor at the edges of each range, of %s shards",
  async (totalShards) => {
    for (const targetingKey of ["alice", "ü", ""]) {
      const shard = await shardOf(targetingKey, totalShards);
      const bounds = [0, shard - 1, shard, shard + 1, totalShards].filter(
        (it) => it >= 0 && it <= totalShards,
      );
      const ranges = bounds.flatMap((start) => bounds.map((end) => ({ start, end })));
      const of = (...them: object[]) => ({ salt: "s", totalShards, ranges: them });
      const splits = ranges.flatMap((range) => [
        [{ ...SPLIT, shards: [of(range)] }],
        [{ ...SPLIT, shards: [of({ start: 0, end: 0 }, range)] }],
        [{ ...SPLIT, shards: [of({ start: 0, end: totalShards }), of(range)] }],
        [
          { ...SPLIT, shards: [of(range)], serialId: 1 },
          { variationKey: "off", shards: [], serialId: 2 },
        ],
      ]);
      const allocations = splits.map((it) => ({ splits: it }));
      expect(await differences(allocations, [{ targetingKey, attributes: {} }])).toEqual([]);
    }
  },
);

it("applies the start and end of an allocation, and logs exposures, like the vendor", async () => {
  const times = [undefined, ...[-1_000, -1, 0, 1, 1_000].map((it) => NOW_MS + it)].map((it) =>
    it === undefined ? it : new Date(it).toISOString(),
  );
  const windows = times.flatMap((startAt) => times.map((endAt) => ({ startAt, endAt })));
  const odd = [null, 0, 1, 77, "", "9", true, false, [], {}];
  const allocations = [
    ...windows,
    // Exposures of an allocation whose key is not a string are a deliberate difference.
    ...["", "9", "ü", null].map((key) => ({ key })),
    ...odd.flatMap((it) => [
      { doLog: it },
      { splits: [{ ...SPLIT, serialId: it }] },
      { splits: [{ ...SPLIT, extraLogging: it }] },
      { rules: it },
    ]),
  ];
  const keys = ["alice", "", "ü"].map((targetingKey) => ({ targetingKey, attributes: { a: 1 } }));
  expect(await differences(allocations, keys)).toEqual([]);
});
