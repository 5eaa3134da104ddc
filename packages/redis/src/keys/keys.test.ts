import { describe, expect, it } from "vitest";
import { Namespace, namespaceOf } from "./keys.js";

describe("Namespace", () => {
  it("puts the keys of a configuration into one slot", () => {
    const tags = Object.values(new Namespace("p", "n").shared).map(
      (key) => /\{(.*)\}/.exec(key)?.[1],
    );
    expect(new Set(tags)).toEqual(new Set(["n"]));
  });

  it("spreads keys whose number grows over 16 slots", () => {
    expect(new Namespace("p", "n").spreadKey("f", "seen")).toBe("p:{n:f}:v1:seen");
  });
});

describe("namespaceOf", () => {
  it("escapes the name of a dialect, which could change the slot", () => {
    const origin = { dialect: { name: "a{b}" }, scope: "0123456789abcdef" };
    expect(namespaceOf(origin)).toBe("a%7Bb%7D-0123456789ab");
  });
});
