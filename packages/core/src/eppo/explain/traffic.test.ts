import { growthOf } from "@sortition/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { md5Uint32 } from "../../hash/md5.js";
import { isInRanges } from "../evaluation/shard.js";
import { type TrafficSplit, trafficShares } from "./traffic.js";

const shard = (salt: string, ...ranges: readonly (readonly [number, number])[]) => ({
  salt,
  ranges: ranges.map(([start, end]) => ({ start, end })),
});
const split = (variationKey: string, ...shards: TrafficSplit["shards"]) => ({
  variationKey,
  shards,
});

describe("trafficShares", () => {
  it.each([
    {
      splits: [split("a", shard("s", [0, 25])), split("b", shard("s", [25, 100]))],
      shares: { a: 0.25, b: 0.75 },
      because: "shares are the widths of the ranges",
    },
    {
      splits: [
        split("a", shard("traffic", [0, 10]), shard("s", [0, 50])),
        split("b", shard("traffic", [0, 10]), shard("s", [50, 100])),
      ],
      shares: { a: 0.05, b: 0.05 },
      because: "the hashes of two salts are independent",
    },
    {
      splits: [split("a", shard("s", [0, 60])), split("b", shard("s", [40, 100]))],
      shares: { a: 0.6, b: 0.4 },
      because: "the first of two overlapping splits wins",
    },
    {
      splits: [split("a", shard("s", [0, 60]), shard("s", [40, 100]))],
      shares: { a: 0.2 },
      because: "splits with the same salt use the same shard",
    },
    {
      splits: [split("a", shard("s", [0, 10], [5, 20])), split("a", shard("s", [50, 60]))],
      shares: { a: 0.3 },
      because: "ranges and splits are added, and overlaps are counted once",
    },
    {
      splits: [split("a")],
      shares: { a: 1 },
      because: "a split without shards takes all subjects",
    },
    {
      splits: [split("a", shard("s"))],
      shares: {},
      because: "without ranges there are no subjects",
    },
    { splits: [], shares: {}, because: "there is no split" },
    {
      splits: [split("a", shard("s", [0.5, 1.5]))],
      shares: { a: 0.01 },
      because: "shards are integers, so it only contains 1",
    },
    {
      splits: [split("a", shard("s", [-5, 10], [90, 1e9], [60, 50]))],
      shares: { a: 0.2 },
      because: "a range outside the shards, or with its end before its start, is empty",
    },
  ])("are $shares, because $because", ({ splits, shares }) => {
    const found = trafficShares(splits, 100);
    const assigned = Object.values<number>(shares).reduce((sum, share) => sum + share, 0);
    expect(Object.fromEntries(found?.byVariation ?? [])).toEqual(shares);
    expect(found?.unassigned).toBeCloseTo(1 - assigned, 12);
  });

  it.each([0, -5, 2.5, Number.NaN])("are unknown in a space of %d shards", (totalShards) => {
    expect(trafficShares([split("a", shard("s", [0, 1]))], totalShards)).toBeNull();
  });

  it("equal a count of single shards", () => {
    const bound = fc.oneof(
      fc.integer({ min: -2, max: 14 }),
      fc.double({ min: -2, max: 14, noNaN: true }),
    );
    const anyShard = fc.record({
      salt: fc.constantFrom("s", "t"),
      ranges: fc.array(fc.record({ start: bound, end: bound }), { maxLength: 4 }),
    });
    const anySplit = fc.record({
      variationKey: fc.constantFrom("a", "b"),
      shards: fc.array(anyShard, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(anySplit, { maxLength: 5 }), (splits) => {
        const counts = new Map<string, number>();
        for (let s = 0; s < 12; s++) {
          for (let t = 0; t < 12; t++) {
            const winner = splits.find(({ shards }) =>
              shards.every(({ ranges, salt }) => isInRanges(salt === "s" ? s : t, ranges)),
            );
            const key = winner?.variationKey ?? "";
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
        }
        const { byVariation, unassigned } = trafficShares(splits, 12) ?? {};
        for (const key of ["a", "b"]) {
          expect(byVariation?.get(key) ?? 0).toBeCloseTo((counts.get(key) ?? 0) / 144, 12);
        }
        expect(unassigned).toBeCloseTo((counts.get("") ?? 0) / 144, 12);
      }),
    );
  });

  it("take at most twenty times as long for ten times as many ranges", () => {
    const sharesOf = (count: number) => () => {
      const ranges = Array.from({ length: count }, (_, i) => [i * 2, i * 2 + 1] as const);
      const shares = trafficShares([split("a", shard("s", ...ranges))], 2 * count);
      expect(shares).toEqual({ byVariation: new Map([["a", 0.5]]), unassigned: 0.5 });
    };
    expect(growthOf({ small: sharesOf(500), large: sharesOf(5_000) })).toBeLessThanOrEqual(20);
  });

  it("are unknown if too many salts are cut too often", () => {
    const cuts = Array.from({ length: 50 }, (_, i) => [i * 2, i * 2 + 1] as const);
    const shards = ["a", "b", "c"].map((salt) => shard(salt, ...cuts));
    expect(trafficShares([split("v", ...shards)], 100)).toBeNull();
  });

  it("match the results of many subjects", () => {
    const splits = [
      split("a", shard("traffic", [0, 80]), shard("s", [0, 30])),
      split("b", shard("traffic", [0, 80]), shard("s", [20, 70])),
      split("c", shard("other", [0, 50])),
    ];
    const subjects = 100_000;
    const counts = new Map<string, number>();
    for (let i = 0; i < subjects; i++) {
      const winner = splits.find(({ shards }) =>
        shards.every((it) => isInRanges(md5Uint32(`${it.salt}-subject-${i}`) % 100, it.ranges)),
      );
      const key = winner?.variationKey ?? "";
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const { byVariation, unassigned } = trafficShares(splits, 100) ?? {};
    for (const [key, share] of [...(byVariation ?? []), ["", unassigned ?? 0] as const]) {
      // Five standard deviations.
      expect(Math.abs((counts.get(key) ?? 0) / subjects - share)).toBeLessThan(0.008);
    }
  });
});
