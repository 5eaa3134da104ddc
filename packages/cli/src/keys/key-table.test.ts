import { describe, expect, it } from "vitest";
import { hashKey, type KeyHash, NO_KEY } from "./key-hash.js";
import { KeyTable } from "./key-table.js";

function hashOf(text: string, seed: Readonly<KeyHash> = NO_KEY): KeyHash {
  const hash = { ...NO_KEY };
  hashKey(text, seed, hash);
  return hash;
}

describe("the hash of a key", () => {
  it("says where one part ends and the next begins", () => {
    expect(hashOf("bc", hashOf("a"))).not.toEqual(hashOf("c", hashOf("ab")));
    expect(hashOf("", hashOf("a"))).not.toEqual(hashOf("a"));
  });

  it("has two halves that are even, and have as many collisions as chance has", () => {
    const keys = 100_000;
    const [lows, highs] = [new Set<number>(), new Set<number>()];
    let [lowest, differing] = [0, 0];
    for (let i = 0; i < keys; i++) {
      const { high, low } = hashOf(`user-${i}`);
      lows.add(low);
      highs.add(high);
      if (low < 2 ** 31) lowest += 1;
      if ((low & 1) !== (high & 1)) differing += 1;
    }
    // Of 100,000 keys 1.2 pairs share a half; ten are as good as impossible.
    expect(keys - lows.size).toBeLessThan(10);
    expect(keys - highs.size).toBeLessThan(10);
    // Five standard deviations.
    expect(Math.abs(lowest - keys / 2)).toBeLessThan(800);
    expect(Math.abs(differing - keys / 2)).toBeLessThan(800);
  });
});

describe("a table of keys", () => {
  it("numbers keys as they come, and knows each again", () => {
    const table = new KeyTable();
    const numbers = (): number[] =>
      Array.from({ length: 5_000 }, (_, i) => {
        const { high, low } = hashOf(`user-${i}`);
        return table.numberOf(low, high);
      });
    const first = numbers();
    expect(first).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
    expect(numbers()).toEqual(first);
    expect(table.size).toBe(5_000);
  });

  it("tells keys apart by either half", () => {
    const table = new KeyTable();
    const halves = [0, 1, 1_024, 0xffff_ffff];
    const numbers = halves.flatMap((low) => halves.map((high) => table.numberOf(low, high)));
    expect(numbers).toEqual(numbers.map((_, i) => i));
  });
});
