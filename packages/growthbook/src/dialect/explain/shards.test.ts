import { Random, seedOr } from "@sortition/dialect-kit/differential";
import { describe, expect, it } from "vitest";
import { type ShardRange, shardRange, trafficOf } from "./shards.js";

const TOTAL = 1_000;
const SHARDS: readonly number[] = Array.from({ length: TOTAL }, (_, shard) => shard);

describe("shardRange", () => {
  it.each<readonly [start: unknown, end: unknown]>([
    [0, 1],
    [0, 0],
    [1, 1],
    [0.25, 0.7501],
    [0.1 + 0.2, 0.7],
    [-1, 2],
    [0.5, 0.25],
    [1.5, 3],
    ["0.25", "0.5"],
    [null, true],
    [undefined, 0.5],
    [0, undefined],
    [[0.5], {}],
    [Number.NaN, Number.NaN],
    [-Infinity, Infinity],
  ])("covers the shards between %j and %j", (start, end) => {
    for (const isInclusive of [false, true]) {
      const isInside = (shard: number): boolean => {
        const n = shard / TOTAL;
        const isBefore = isInclusive ? n <= (end as number) : n < (end as number);
        return n >= (start as number) && isBefore;
      };
      const range = shardRange(start, end, TOTAL, isInclusive);
      const found = SHARDS.filter((shard) => range.start <= shard && shard < range.end);
      expect(found).toEqual(SHARDS.filter(isInside));
    }
  });

  it("throws if a bound cannot be converted to a number", () => {
    const bound = { valueOf: () => Object.create(null), toString: () => Object.create(null) };
    expect(() => shardRange(bound, 1, TOTAL)).toThrow(TypeError);
  });
});

describe("trafficOf", () => {
  it("counts each shard for the first range that contains it", () => {
    const random = new Random(seedOr(20_261_123));
    for (let i = 0; i < 50; i++) {
      const ranges = random.times(random.integer(0, 4), (index) => {
        const [start, end] = [random.integer(0, TOTAL), random.integer(0, TOTAL)];
        const range: ShardRange = { start: Math.min(start, end), end: Math.max(start, end) };
        return [`v${index % 3}`, range] as const;
      });
      const owners = SHARDS.map(
        (shard) => ranges.find(([, it]) => it.start <= shard && shard < it.end)?.[0],
      );
      const shareOf = (owner: string | undefined): number =>
        owners.filter((it) => it === owner).length / TOTAL;
      const present = [...new Set(owners)].filter((owner) => owner !== undefined);
      // Variations are in the order of their first shards.
      expect([...trafficOf(ranges, TOTAL).byVariation]).toEqual(
        present.map((owner) => [owner, shareOf(owner)]),
      );
      expect(trafficOf(ranges, TOTAL).unassigned).toBe(shareOf(undefined));
    }
  });
});
