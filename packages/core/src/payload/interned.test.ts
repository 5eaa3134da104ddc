import { describe, expect, it } from "vitest";
import { Interned } from "./interned.js";

describe("Interned", () => {
  it("returns the same object for equal JSON", () => {
    const interned = new Interned();
    const first = { a: [1, "x"] };
    expect(interned.json(first)).toBe(first);
    expect(interned.json({ a: [1, "x"] })).toBe(first);
    expect(interned.json({ a: ["x", 1] })).not.toBe(first);
  });

  it("does not mix up kinds", () => {
    const interned = new Interned();
    expect(interned.of("a", 1, () => "made for a")).toBe("made for a");
    expect(interned.of("b", 1, () => "made for b")).toBe("made for b");
    expect(interned.of("a", 1, () => "made again")).toBe("made for a");
  });

  it("does not share values that must not be shared", () => {
    const interned = new Interned();
    const isShared = () => false;
    expect(interned.of("a", 1, () => "first", isShared)).toBe("first");
    expect(interned.of("a", 1, () => "second")).toBe("second");
  });

  it.each([
    { raw: [Number.POSITIVE_INFINITY], because: "its JSON is null" },
    { raw: { a: undefined }, because: "a member is missing from its JSON" },
    { raw: [-0], because: "its JSON is 0" },
    { raw: new Array(1), because: "a list has a hole" },
    { raw: new Date(0), because: "it is not a JSON value" },
    { raw: "x".repeat(1_025), because: "it is long" },
    { raw: deep(), because: "it is nested too deeply for JSON" },
  ])("creates each object anew if $because", ({ raw }) => {
    const interned = new Interned();
    let made = 0;
    for (let i = 0; i < 2; i++) interned.of("a", raw, () => ++made);
    expect(made).toBe(2);
  });

  it("starts empty again when it is full", () => {
    const interned = new Interned();
    const first = interned.json([0]);
    for (let i = 1; i <= 1_024; i++) interned.json([i]);
    expect(interned.json([0])).not.toBe(first);
    expect(interned.json([1_024])).toBe(interned.json([1_024]));
  });
});

function deep(): unknown {
  let value: unknown = [];
  for (let i = 0; i < 100_000; i++) value = [value];
  return value;
}
