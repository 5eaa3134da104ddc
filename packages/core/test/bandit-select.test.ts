import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { select } from "../src/bandit/select.js";

/** A literal implementation of the specified rule, with another MD5. */
function selectPlainly(
  flag: string,
  subject: string,
  names: readonly string[],
  weights: readonly number[],
): number {
  const shard = (text: string): number =>
    createHash("md5").update(text).digest().readUInt32BE(0) % 10_000;
  const order = names
    .map((name, i) => ({ name, i, shard: shard(`${flag}-${subject}-${name}`) }))
    .sort((a, b) => a.shard - b.shard || (a.name < b.name ? -1 : 1));
  let sum = 0;
  for (const { i } of order) {
    sum += weights[i] ?? 0;
    if (sum > shard(`${flag}-${subject}`) / 10_000) return i;
  }
  return -1;
}

const wellFormed = fc.string({ unit: "grapheme" });

describe("select", () => {
  it("returns the first action in the subject's order at which the summed weights exceed its threshold", () => {
    const actions = fc.uniqueArray(wellFormed, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        wellFormed,
        wellFormed,
        actions,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (flag, subject, names, stream) => {
          const raw = names.map(() => stream.next().value as number);
          const total = raw.reduce((sum, weight) => sum + weight, 0) || 1;
          const weights = raw.map((weight) => weight / total);
          expect(select(flag, subject, names, weights)).toBe(
            selectPlainly(flag, subject, names, weights),
          );
        },
      ),
    );
  });

  it("orders actions of the same shard by name", () => {
    // Among this many names, several share one of 10,000 shards.
    const names = Array.from({ length: 3_000 }, (_, i) => `action ${(i * 7_919) % 3_000}`);
    const weights = names.map(() => 1 / names.length);
    for (let i = 0; i < 20; i++) {
      expect(select("flag", `user-${i}`, names, weights)).toBe(
        selectPlainly("flag", `user-${i}`, names, weights),
      );
    }
  });

  it("selects actions as often as their weights say", () => {
    const weights = [0.6, 0.3, 0.1];
    const counts = [0, 0, 0];
    const subjects = 20_000;
    for (let i = 0; i < subjects; i++) {
      const chosen = select("flag", `user-${i}`, ["a", "b", "c"], weights);
      counts[chosen] = (counts[chosen] ?? 0) + 1;
    }
    counts.forEach((count, i) => {
      expect(count / subjects).toBeCloseTo(weights[i] ?? 0, 1);
    });
  });

  it("finds no action if weights are NaN or too small", () => {
    expect(select("flag", "user", ["a", "b"], [Number.NaN, Number.NaN])).toBe(-1);
    expect(select("flag", "user", ["a", "b"], [0, 0])).toBe(-1);
  });

  it("hashes no name of a single action, and otherwise throws for a lone surrogate", () => {
    expect(select("flag", "user", ["\ud800"], [1])).toBe(0);
    expect(() => select("flag", "user", ["\ud800", "b"], [1, 0])).toThrow(URIError);
    expect(() => select("flag", "\ud800", ["a"], [1])).toThrow(URIError);
  });
});
