import { describe, expect, it } from "vitest";
import { hashKey, type KeyHash, NO_KEY } from "./key-hash.js";
import { KeyTable } from "./key-table.js";

function hashOf(text: string, seed: Readonly<KeyHash> = NO_KEY): KeyHash {
  const hash = { ...NO_KEY };
  hashKey(text, seed, hash);
  return hash;
}

describe("hashKey", () => {
  it("distinguishes where one part ends and the next begins", () => {
    expect(hashOf("bc", hashOf("a"))).not.toEqual(hashOf("c", hashOf("ab")));
    expect(hashOf("", hashOf("a"))).not.toEqual(hashOf("a"));
  });

  it("returns two uniform and independent halves", () => {
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
    // About 1.2 pairs of 100,000 keys share a half by chance. Ten pairs are practically impossible.
    expect(keys - lows.size).toBeLessThan(10);
    expect(keys - highs.size).toBeLessThan(10);
    // The bound is five standard deviations.
    expect(Math.abs(lowest - keys / 2)).toBeLessThan(800);
    expect(Math.abs(differing - keys / 2)).toBeLessThan(800);
  });
});

describe("KeyTable", () => {
  it("numbers keys in the order of their first lookup", () => {
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

  it("distinguishes keys by either half", () => {
    const table = new KeyTable();
    const halves = [0, 1, 1_024, 0xffff_ffff];
    const numbers = halves.flatMap((low) => halves.map((high) => table.numberOf(low, high)));
    expect(numbers).toEqual(numbers.map((_, i) => i));
  });
});
