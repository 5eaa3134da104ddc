import { describe, expect, it } from "vitest";
import { estimateBytes } from "./size-estimate.js";

const cycle: Record<string, unknown> = { a: 1 };
cycle["self"] = cycle;
const shared = { a: 1 };

describe("estimateBytes", () => {
  it.each([
    { event: {}, bytes: 200, because: "it is empty" },
    { event: { key: "ab" }, bytes: 210, because: "keys and strings take 2 per unit" },
    { event: { k: "😀" }, bytes: 206, because: "an emoji is two units" },
    { event: { k: 5, l: 5n }, bytes: 220, because: "numbers take 8" },
    {
      event: { k: true, l: null, m: undefined },
      bytes: 206,
      because: "other values are not counted",
    },
    { event: { k: { l: "a" } }, bytes: 206, because: "it counts members of objects" },
    { event: { k: ["a"] }, bytes: 206, because: "it counts elements of lists" },
    { event: cycle, bytes: 218, because: "a cycle ends" },
    {
      event: { k: shared, l: shared },
      bytes: 214,
      because: "an object that occurs twice is counted once",
    },
    {
      event: {
        k: {
          get l(): string {
            throw new Error("no");
          },
        },
      },
      bytes: 202,
      because: "a member that throws is not counted",
    },
  ])("is $bytes, because $because", ({ event, bytes }) => {
    expect(estimateBytes(event)).toBe(bytes);
  });

  it("survives any depth of nesting", () => {
    let deep: object = {};
    for (let i = 0; i < 100_000; i++) deep = { deep };
    expect(estimateBytes(deep)).toBeGreaterThan(200);
  });
});
