import { describe, expect, it } from "vitest";
import { exactText } from "./exact-text.js";

interface Nested {
  readonly text: string;
  readonly value: unknown;
}

function nested(depth: number): Nested {
  const text = `${"[".repeat(depth)}${"]".repeat(depth)}`;
  return { text, value: JSON.parse(text) };
}

function msOf({ text, value }: Nested): number {
  const startedAtMs = performance.now();
  const found = exactText(value);
  const tookMs = performance.now() - startedAtMs;
  expect(found === text).toBe(true);
  return tookMs;
}

describe("exactText", () => {
  it("takes time proportional to the depth of a value, not to its square", () => {
    const [depth, factor] = [300, 8];
    const [shallow, deep] = [nested(depth), nested(factor * depth)];
    // Uses the fastest of many rounds, because other processes and garbage collection delay some.
    const least = { shallow: Number.POSITIVE_INFINITY, deep: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 60; round++) {
      least.shallow = Math.min(least.shallow, msOf(shallow));
      least.deep = Math.min(least.deep, msOf(deep));
    }
    expect(least.deep / least.shallow).toBeLessThan(factor ** 1.5);
  });

  it("returns the text of a value that occurs twice, but none for a circular value", () => {
    const twice = { b: true };
    expect(exactText({ a: twice, c: [twice] })).toBe('{"a":{"b":true},"c":[{"b":true}]}');
    const within: unknown[] = [];
    within.push([within]);
    expect(exactText(within)).toBeNull();
  });
});
