import { describe, expect, it } from "vitest";
import { exactText } from "./exact-text.js";

describe("exactText", () => {
  it("takes a time that grows with the depth of a value, and not with its square", () => {
    const text = `${"[".repeat(2_500)}${"]".repeat(2_500)}`;
    const value: unknown = JSON.parse(text);
    const before = process.cpuUsage();
    for (let i = 0; i < 200; i++) expect(exactText(value) === text).toBe(true);
    const { system, user } = process.cpuUsage(before);
    expect((system + user) / 1_000).toBeLessThan(1_000);
  });

  it("has the text of a value that occurs twice, and none of one within itself", () => {
    const twice = { b: true };
    expect(exactText({ a: twice, c: [twice] })).toBe('{"a":{"b":true},"c":[{"b":true}]}');
    const within: unknown[] = [];
    within.push([within]);
    expect(exactText(within)).toBeNull();
  });
});
