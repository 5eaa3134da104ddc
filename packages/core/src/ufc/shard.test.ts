import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileShard, isInRanges } from "./shard.js";

describe("isInRanges", () => {
  it.each([
    { shard: 0, ranges: [{ start: 0, end: 1 }], inside: true, because: "start is inclusive" },
    { shard: 1, ranges: [{ start: 0, end: 1 }], inside: false, because: "end is exclusive" },
    { shard: 9_999, ranges: [{ start: 0, end: 10_000 }], inside: true, because: "it is the last" },
    { shard: 5, ranges: [], inside: false, because: "no range contains nothing" },
    { shard: 5, ranges: [{ start: 5, end: 5 }], inside: false, because: "the range is empty" },
    { shard: 5, ranges: [{ start: 6, end: 4 }], inside: false, because: "the range is reversed" },
    { shard: 5, ranges: [{ start: 4.5, end: 5.5 }], inside: true, because: "floats are legal" },
    { shard: 0, ranges: [{ start: -1, end: 1 }], inside: true, because: "so are negative starts" },
    {
      shard: 7,
      ranges: [
        { start: 0, end: 1 },
        { start: 7, end: 8 },
      ],
      inside: true,
      because: "any range will do",
    },
    {
      shard: Number.NaN,
      ranges: [{ start: -1e9, end: 1e9 }],
      inside: false,
      because: "NaN lies nowhere",
    },
  ])("shard $shard is inside: $inside, because $because", ({ shard, ranges, inside }) => {
    expect(isInRanges(shard, ranges)).toBe(inside);
  });
});

describe("compileShard", () => {
  it("hashes salt, a dash and the subject key", () => {
    // md5("salt-alice") starts with 39b59d63; 0x39b59d63 mod 10 000 = 3619
    const isMatch = compileShard({ salt: "salt", ranges: [{ start: 3_619, end: 3_620 }] }, 10_000);
    expect(isMatch("alice")).toBe(true);
  });

  it.each([
    { totalShards: 0, because: "a space of no shards has none" },
    { totalShards: Number.NaN, because: "the size is not known" },
  ])("matches nobody if the size is $totalShards, because $because", ({ totalShards }) => {
    const isMatch = compileShard({ salt: "s", ranges: [{ start: 0, end: 1e9 }] }, totalShards);
    expect(isMatch("alice")).toBe(false);
  });

  it("answers for each subject in turn when conditions share the hashes of a salt", () => {
    const subjects = ["alice", "bob", "bob", "carol", "alice"];
    const halves = [
      { salt: "s", ranges: [{ start: 0, end: 5_000 }] },
      { salt: "s", ranges: [{ start: 5_000, end: 10_000 }] },
      { salt: "t", ranges: [{ start: 0, end: 5_000 }] },
    ];
    const sharders = new Map();
    const sharing = halves.map((wire) => compileShard(wire, 10_000, sharders));
    const alone = halves.map((wire) => compileShard(wire, 10_000));
    const answers = (conditions: typeof alone) =>
      subjects.map((subject) => conditions.map((isMatch) => isMatch(subject)));
    expect(answers(sharing)).toEqual(answers(alone));
    expect([...sharders.keys()]).toEqual(["s", "t"]);
  });

  it("throws for a subject key with a lone surrogate", () => {
    const isMatch = compileShard({ salt: "s", ranges: [] }, 10_000);
    expect(() => isMatch("\ud800")).toThrow(URIError);
  });

  it("puts every subject on exactly one side of any cut", () => {
    const key = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.string(), key, fc.integer({ min: 0, max: 10_000 }), (salt, subject, cut) => {
        const low = compileShard({ salt, ranges: [{ start: 0, end: cut }] }, 10_000);
        const high = compileShard({ salt, ranges: [{ start: cut, end: 10_000 }] }, 10_000);
        expect(low(subject)).toBe(!high(subject));
      }),
    );
  });
});
