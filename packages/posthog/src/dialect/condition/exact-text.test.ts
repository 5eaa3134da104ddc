import { growthOf } from "@sortition/test-kit";
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

describe("exactText", () => {
  it("takes time proportional to the depth of a value, not to its square", () => {
    const exactTextOf = (depth: number) => {
      const { text, value } = nested(depth);
      return () => {
        for (let i = 0; i < 5; i++) expect(exactText(value) === text).toBe(true);
      };
    };
    const growth = growthOf({ small: exactTextOf(240), large: exactTextOf(2_400) });
    expect(growth).toBeLessThanOrEqual(20);
  });

  it("returns the text of a value that occurs twice, but none for a circular value", () => {
    const twice = { b: true };
    expect(exactText({ a: twice, c: [twice] })).toBe('{"a":{"b":true},"c":[{"b":true}]}');
    const within: unknown[] = [];
    within.push([within]);
    expect(exactText(within)).toBeNull();
  });
});
