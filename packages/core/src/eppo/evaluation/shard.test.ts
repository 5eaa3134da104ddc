import { describe, expect, it } from "vitest";
import type { ShardWire } from "../wire.js";
import { compileShard, isInShard, type Sharder, takeShards } from "./shard.js";

/** Evaluates a single condition for one subject after another. */
function compileAlone(wire: ShardWire, totalShards: number): (subjectKey: string) => boolean {
  const condition = compileShard(wire, totalShards, new Map());
  return (subjectKey) => isInShard(condition, subjectKey, takeShards(1));
}

describe("a shard condition", () => {
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

  it("contains the start, but not the end, of each of its ranges", () => {
    const ranges = [
      { start: 0, end: 1 },
      { start: 7, end: 8 },
    ];
    const condition = compileShard({ salt: "s", ranges }, 10_000, new Map());
    const inside = [0, 1, 7, 8].map((shard) => isInShard(condition, "", Float64Array.of(shard)));
    expect(inside).toEqual([true, false, true, false]);
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
});
