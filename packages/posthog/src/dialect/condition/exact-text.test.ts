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
  it("takes a time that grows with the depth of a value, and not with its square", () => {
    const [depth, factor] = [300, 8];
    const [shallow, deep] = [nested(depth), nested(factor * depth)];
    // The best of many rounds: other processes and the collector delay some.
    const least = { shallow: Number.POSITIVE_INFINITY, deep: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 60; round++) {
      least.shallow = Math.min(least.shallow, msOf(shallow));
      least.deep = Math.min(least.deep, msOf(deep));
    }
    expect(least.deep / least.shallow).toBeLessThan(factor ** 1.5);
  });

  it("has the text of a value that occurs twice, and none of one within itself", () => {
    const twice = { b: true };
    expect(exactText({ a: twice, c: [twice] })).toBe('{"a":{"b":true},"c":[{"b":true}]}');
    const within: unknown[] = [];
    within.push([within]);
    expect(exactText(within)).toBeNull();
  });
});
