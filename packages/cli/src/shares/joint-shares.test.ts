import type { ComparedFlag, FlagDescription, SplitDescription } from "@sortition/core/dialect";
import { PLAIN_WORDS } from "@sortition/core/dialect-internal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jointShares } from "./joint-shares.js";

const TOTAL = 100;

const range = fc
  .tuple(fc.integer({ min: 0, max: TOTAL }), fc.integer({ min: 0, max: TOTAL }))
  .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
const shard = fc.record({
  salt: fc.constantFrom("s", "t"),
  totalShards: fc.constant(TOTAL),
  ranges: fc.array(range, { maxLength: 2 }),
  problem: fc.constant(null),
});
const split: fc.Arbitrary<SplitDescription> = fc.record({
  variation: fc.constantFrom("a", "b"),
  shards: fc.array(shard, { maxLength: 2 }),
  problem: fc.constant(null),
});
const splits = fc.array(fc.array(split, { maxLength: 2 }), { maxLength: 2 });

function flagOf(
  allocations: readonly (readonly SplitDescription[])[],
  unit = "subject",
): ComparedFlag {
  const description: FlagDescription = {
    key: "f",
    valueType: "string",
    isEnabled: true,
    isHashed: false,
    variations: [],
    allocations: allocations.map((of, i) => ({
      key: `${i}`,
      window: null,
      rules: [],
      splits: of,
      unit: { name: unit, attributes: [] },
      traffic: { byVariation: new Map(), unassigned: 0 },
      participants: null,
      holdout: null,
      isLogged: true,
    })),
    followsRanges: true,
    problem: null,
  };
  return { description, words: PLAIN_WORDS };
}

/** Returns the variation of a subject in these shards. */
function decide(allocations: readonly (readonly SplitDescription[])[], s: number, t: number) {
  const winner = allocations.flat().find(({ shards }) =>
    shards.every(({ ranges, salt }) =>
      ranges.some(({ end, start }) => {
        const at = salt === "s" ? s : t;
        return start <= at && at < end;
      }),
    ),
  );
  return winner?.variation ?? null;
}

describe("jointShares", () => {
  it("equals the shares counted over all pairs of shards", () => {
    fc.assert(
      fc.property(splits, splits, (before, after) => {
        const counts = new Map<string, number>();
        for (let s = 0; s < TOTAL; s++) {
          for (let t = 0; t < TOTAL; t++) {
            const key = `${decide(before, s, t)} → ${decide(after, s, t)}`;
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
        }
        const shares = jointShares(flagOf(before), flagOf(after), 0) ?? new Map();
        const found = [...shares].flatMap(([was, row]) =>
          [...row].map(([is, share]) => [`${was} → ${is}`, share] as const),
        );
        expect(new Map(found)).toEqual(
          new Map([...counts].map(([key, count]) => [key, count / TOTAL ** 2])),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("is exact for two salts with 10,000 shards", () => {
    const of = (salt: string, end: number): ComparedFlag =>
      flagOf([
        [
          {
            variation: "a",
            shards: [{ salt, totalShards: 10_000, ranges: [{ start: 0, end }], problem: null }],
            problem: null,
          },
        ],
      ]);
    expect(jointShares(of("s", 3_333), of("t", 7_777), 0)?.get("a")?.get("a")).toBe(
      (3_333 * 7_777) / 1e8,
    );
    expect(jointShares(of("s", 3_333), of("s", 7_777), 0)?.get("a")?.get("a")).toBe(0.3333);
  });

  it("treats shares as independent if another attribute is hashed with the same salt", () => {
    const half = [
      {
        variation: "a",
        shards: [{ salt: "s", totalShards: 2, ranges: [{ start: 0, end: 1 }], problem: null }],
        problem: null,
      },
    ];
    const device = flagOf([half], "device");
    expect(
      jointShares(flagOf([half]), device, 0)
        ?.get("a")
        ?.get("a"),
    ).toBe(0.25);
  });

  it("returns null if a rule reads attributes", () => {
    const flag = flagOf([[]]);
    const [allocation] = flag.description.allocations;
    const ruled = { ...allocation, rules: [{ conditions: [], problem: null }] } as never;
    const description = { ...flag.description, allocations: [ruled] };
    expect(jointShares(flag, { ...flag, description }, 0)).toBeNull();
  });
});
