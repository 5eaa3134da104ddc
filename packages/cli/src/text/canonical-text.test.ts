import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText } from "./canonical-text.js";

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, it]) => [name, reversed(it)] as const);
  return Object.fromEntries(members.reverse());
}

describe("canonicalText", () => {
  it.each([
    { a: '{"a":1,"b":{"c":2,"d":3}}', b: '{"b":{"d":3,"c":2},"a":1}', isSame: true },
    { a: "1", b: "1.0", isSame: true },
    { a: "0", b: "-0", isSame: true },
    { a: "1", b: '"1"', isSame: false },
    { a: "true", b: '"true"', isSame: false },
    { a: "[1,2]", b: "[2,1]", isSame: false },
    { a: "null", b: "{}", isSame: false },
    { a: "{}", b: "[]", isSame: false },
    { a: '{"__proto__":1}', b: "{}", isSame: false },
  ])("is equal for $a and $b: $isSame", ({ a, b, isSame }) => {
    expect(canonicalText(JSON.parse(a)) === canonicalText(JSON.parse(b))).toBe(isSame);
  });

  it("depends on the value and not on the order of members", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalText(value);
        expect(canonicalText(reversed(value))).toBe(text);
        expect(canonicalText(JSON.parse(text))).toBe(text);
      }),
    );
  });
});
