// Each flag has one condition or one split, so no other part of the flag can hide a difference.
import { createHash } from "node:crypto";
import { jsonObject, Random, unexplainedOf } from "@sortition/dialect-kit/differential";
import { isInPart, isWhole, PARTS } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Call } from "./calls.js";
import { CONDITION_VALUES, UNKNOWN_OPERATORS } from "./condition-values.js";
import { bodyFlag, configurationOf, FORMATS, formOf } from "./configurations.js";
import { DELIBERATE } from "./deliberate.js";
import { Ours } from "./ours.js";
import { compareOutcomes } from "./outcome.js";
import { ATTRIBUTE_VALUES } from "./subjects.js";
import { Vendor } from "./vendor.js";
import { MOMENTS, NOON_MS } from "./windows.js";

const PROFILE = { isGraceful: true, includesDetails: true };
const SERVED = FORMATS.filter(({ name }) => ["format: SERVER", "format: CLIENT"].includes(name));
const SPLIT = { shards: [], variationKey: "on" };

beforeAll(() => vi.useFakeTimers({ now: NOON_MS, toFake: ["Date"] }));
afterAll(() => vi.useRealTimers());

/** Returns the inputs for which value, details or event differ. Each allocation is in its own flag. */
async function differences(
  allocations: readonly object[],
  subjects: readonly { key: string; attributes: object }[],
  more: object = {},
  formats = SERVED,
) {
  const found: unknown[] = [];
  for (const [page, format] of formats.entries()) {
    const flags = allocations.map((it, i) => {
      const allocation = { key: "rollout", splits: [SPLIT], doLog: true, ...it };
      const wire = {
        key: `f${i}`,
        enabled: true,
        variationType: "STRING",
        variations: { on: { key: "on", value: "red" }, off: { key: "off", value: "blue" } },
        allocations: [allocation],
        totalShards: 10_000,
        ...more,
      };
      return bodyFlag(formOf(format), { key: wire.key, wire, edges: [], allocations: [] });
    });
    const configuration = configurationOf(new Random(1), format, flags, PROFILE);
    const [ours, vendor] = [new Ours(PROFILE), new Vendor(PROFILE)];
    ours.load(configuration.text);
    await vendor.load(configuration.text);
    for (const [row, subject] of subjects.entries()) {
      for (const [column, flag] of flags.entries()) {
        // Each pair of the part has one of the formats.
        const turn = Math.floor(row / PARTS) + Math.floor(column / PARTS);
        const isAsked = isInPart(row, column) && (isWhole || turn % formats.length === page);
        if (subjects.length >= PARTS && !isAsked) continue;
        const call = {
          flagKey: flag.generated.key,
          flag,
          subject: { ...subject, edges: [] },
          type: "STRING",
          wantsDetails: true,
          defaultValue: "default",
          nowMs: Date.now(),
          overrides: null,
          edges: [],
        } as Call;
        const of = {
          configuration,
          call,
          ours: ours.run(call),
          vendor: vendor.run(call),
          answer: (other: Call) => ours.run(other),
        };
        const left = unexplainedOf(compareOutcomes(of.ours, of.vendor), of, DELIBERATE, new Map());
        if (left.length > 0)
          found.push({ form: format.value, flag: JSON.stringify(flag.wire), subject, left });
      }
    }
  }
  return found;
}

const NAMES = [...Object.keys(CONDITION_VALUES), "unknown"];

it.each(NAMES.filter((it) => isWhole || !/^NOT_|^GT$|^LTE$/.test(it)))(
  "evaluates every condition value and attribute like the vendor: %s",
  async (name) => {
    const pairs =
      name === "unknown"
        ? UNKNOWN_OPERATORS.map((it) => [it.value, ["5"]])
        : CONDITION_VALUES[name]!.map((it) => [name, it.value]);
    const rules = pairs.map(([operator, value]) => ({
      rules: [
        {
          conditions: [
            jsonObject([
              ["attribute", "x"],
              ["operator", operator],
              ["value", value],
            ]),
          ],
        },
      ],
    }));
    const subjects = [{}, ...ATTRIBUTE_VALUES.map(({ value }) => ({ x: value }))].map(
      (attributes) => ({ key: "alice", attributes }),
    );
    expect(await differences(rules, subjects)).toEqual([]);
  },
);

it.each([10_000, 100, 1, 0, 2.5].filter((_, i) => isInPart(i)))(
  "splits like the vendor at the edges of each range, of %s shards",
  async (totalShards) => {
    for (const [row, key] of ["alice", "bob", "ü", "7"].entries()) {
      const shard =
        createHash("md5").update(`s-${key}`).digest().readUInt32BE(0) % (totalShards || 1);
      const bounds = [
        0,
        shard,
        shard + 1,
        shard - 1,
        shard + 0.5,
        totalShards,
        totalShards - 1,
        -1,
      ];
      const ranges = bounds
        .flatMap((start) => bounds.map((end) => ({ start, end })))
        .filter((_, i) => isInPart(row, i + Math.floor(i / bounds.length)));
      const in_ = (...them: (object | null)[]) => ({ salt: "s", ranges: them });
      const splits = ranges.flatMap((range) => [
        [{ ...SPLIT, shards: [in_(range)] }],
        [{ ...SPLIT, shards: [in_({ start: 0, end: 0 }, range)] }],
        // A malformed range only fails if no range before it matches, and its end only if its start does.
        [{ ...SPLIT, shards: [in_(range, null)] }],
        [{ ...SPLIT, shards: [in_({ ...range, end: { toString: 1, valueOf: 1 } })] }],
        [{ ...SPLIT, shards: [in_({ start: 0, end: totalShards }), in_(range)] }],
        [
          { ...SPLIT, shards: [in_(range)] },
          { shards: [], variationKey: "off", extraLogging: { holdoutKey: "h" } },
        ],
      ]);
      expect(
        await differences(
          splits.map((it) => ({ splits: it })),
          [{ key, attributes: {} }],
          { totalShards },
          isWhole ? SERVED : [SERVED[row % SERVED.length]!],
        ),
      ).toEqual([]);
    }
  },
);

it("applies the start and end of an allocation like the vendor", async () => {
  const times = [
    undefined,
    ...[-1000, -1, 0, 1, 1000].map((it) => new Date(NOON_MS + it).toISOString()),
  ];
  const windows = times.flatMap((startAt) => times.map((endAt) => ({ startAt, endAt })));
  for (const [row, moment] of MOMENTS.entries()) {
    vi.setSystemTime(moment);
    const more = [{}, { doLog: false }, { doLog: undefined }, { rules: [] }].flatMap((it) =>
      windows.map((window) => ({ ...window, ...it })),
    );
    const some = more.filter((_, i) => isInPart(row, i + Math.floor(i / PARTS)));
    expect(await differences(some, [{ key: "alice", attributes: { a: 1 } }])).toEqual([]);
  }
});

it("writes each field of an assignment event like the vendor", async () => {
  const odd = [null, 0, 1, "", "x", true, false, [], {}];
  const logged = ["holdoutKey", "holdoutVariation", "other"].flatMap((name) =>
    odd.map((it) => ({ [name]: it })),
  );
  const allocations = [
    ...odd.map((doLog) => ({ doLog })),
    ...["", "x", " x ", "ü", "a-b"].map((key) => ({ key })),
    ...[...logged, ...logged.map((it) => ({ holdoutKey: "h", ...it }))].map((extraLogging) => ({
      splits: [{ ...SPLIT, extraLogging }],
    })),
    { splits: [{ ...SPLIT, variationKey: "off" }] },
  ];
  const keys = ["alice", " ", "ü", "7", "\ud800"].map((key) => ({ key, attributes: {} }));
  const subjects = ATTRIBUTE_VALUES.map(({ value }) => ({
    key: "alice",
    attributes: { x: value, a: 1 },
  }));
  expect(await differences(allocations, keys)).toEqual([]);
  expect(await differences([{}], subjects)).toEqual([]);
});
