import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ShardWire } from "../wire.js";
import { compileShard, isInShard, type Sharder, takeShards } from "./shard.js";

/** Evaluates a single condition for one subject after another. */
function compileAlone(wire: ShardWire, totalShards: number): (subjectKey: string) => boolean {
  const condition = compileShard(wire, totalShards, new Map());
  return (subjectKey) => isInShard(condition, subjectKey, takeShards(1));
}

describe("isInShard", () => {
  it.each([
    { shard: 0, ranges: [{ start: 0, end: 1 }], inside: true, because: "start is inclusive" },
    { shard: 1, ranges: [{ start: 0, end: 1 }], inside: false, because: "end is exclusive" },
    { shard: 9_999, ranges: [{ start: 0, end: 10_000 }], inside: true, because: "it is the last" },
    { shard: 5, ranges: [], inside: false, because: "there is no range" },
    { shard: 5, ranges: [{ start: 5, end: 5 }], inside: false, because: "the range is empty" },
    { shard: 5, ranges: [{ start: 6, end: 4 }], inside: false, because: "the range is reversed" },
    {
      shard: 5,
      ranges: [{ start: 4.5, end: 5.5 }],
      inside: true,
      because: "bounds may be fractions",
    },
    { shard: 0, ranges: [{ start: -1, end: 1 }], inside: true, because: "bounds may be negative" },
    {
      shard: 7,
      ranges: [
        { start: 0, end: 1 },
        { start: 7, end: 8 },
      ],
      inside: true,
      because: "one of the ranges contains it",
    },
    {
      shard: Number.NaN,
      ranges: [{ start: -1e9, end: 1e9 }],
      inside: false,
      because: "NaN is in no range",
    },
  ])("shard $shard is inside: $inside, because $because", ({ shard, ranges, inside }) => {
    const condition = compileShard({ salt: "s", ranges }, 10_000, new Map());
    expect(isInShard(condition, "subject", Float64Array.of(shard))).toBe(inside);
  });
});

describe("a shard condition", () => {
  it("hashes salt, a dash and the subject key", () => {
    // md5("salt-alice") starts with 39b59d63; 0x39b59d63 mod 10 000 = 3619
    const isMatch = compileAlone({ salt: "salt", ranges: [{ start: 3_619, end: 3_620 }] }, 10_000);
    expect(isMatch("alice")).toBe(true);
  });

  it.each([
    { totalShards: 0, because: "there are no shards" },
    { totalShards: Number.NaN, because: "the number of shards is unknown" },
  ])("matches no subject if the size is $totalShards, because $because", ({ totalShards }) => {
    const isMatch = compileAlone({ salt: "s", ranges: [{ start: 0, end: 1e9 }] }, totalShards);
    expect(isMatch("alice")).toBe(false);
  });

  it("returns each subject's result when conditions share the hashes of a salt", () => {
    const halves = [
      { salt: "s", ranges: [{ start: 0, end: 5_000 }] },
      { salt: "s", ranges: [{ start: 5_000, end: 10_000 }] },
      { salt: "t", ranges: [{ start: 0, end: 5_000 }] },
    ];
    const sharders = new Map<string, Sharder>();
    const sharing = halves.map((wire) => compileShard(wire, 10_000, sharders));
    const alone = halves.map((wire) => compileAlone(wire, 10_000));
    for (const subject of ["alice", "bob", "bob", "carol", "alice"]) {
      const known = takeShards(sharders.size);
      const answers = sharing.map((condition) => isInShard(condition, subject, known));
      expect(answers).toEqual(alone.map((isMatch) => isMatch(subject)));
    }
    expect([...sharders.keys()]).toEqual(["s", "t"]);
  });

  it("is computed from the prefix of the salt, without hashing it again", () => {
    const condition = compileShard(
      { salt: "s", ranges: [{ start: 5, end: 6 }] },
      10_000,
      new Map(),
    );
    const known = takeShards(1);
    known[0] = 5;
    expect(isInShard(condition, "alice", known)).toBe(true);
  });

  it("throws for a subject key with a lone surrogate", () => {
    const isMatch = compileAlone({ salt: "s", ranges: [] }, 10_000);
    expect(() => isMatch("\ud800")).toThrow(URIError);
  });

  it("puts every subject on exactly one side of any cut", () => {
    const key = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.string(), key, fc.integer({ min: 0, max: 10_000 }), (salt, subject, cut) => {
        const low = compileAlone({ salt, ranges: [{ start: 0, end: cut }] }, 10_000);
        const high = compileAlone({ salt, ranges: [{ start: cut, end: 10_000 }] }, 10_000);
        expect(low(subject)).toBe(!high(subject));
      }),
    );
  });
});
