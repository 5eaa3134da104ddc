import { describe, expect, it } from "vitest";
import { expectedShares } from "./expected-shares.js";

const range = (salt: string, start: number, end: number) => ({ salt, ranges: [{ start, end }] });

describe("expectedShares", () => {
  it("is the width of the ranges", () => {
    const splits = [
      { variationKey: "a", shards: [range("s", 0, 25)] },
      { variationKey: "b", shards: [range("s", 25, 100)] },
    ];
    expect(expectedShares({ key: "x", splits }, 100)).toEqual(
      new Map([
        ["a", 0.25],
        ["b", 0.75],
      ]),
    );
  });

  it("counts only the traffic that takes part", () => {
    const splits = [
      { variationKey: "a", shards: [range("traffic", 0, 10), range("s", 0, 50)] },
      { variationKey: "b", shards: [range("traffic", 0, 10), range("s", 50, 100)] },
    ];
    expect(expectedShares({ key: "x", splits }, 100)).toEqual(
      new Map([
        ["a", 0.5],
        ["b", 0.5],
      ]),
    );
  });

  it("lets the first of two overlapping splits win", () => {
    const splits = [
      { variationKey: "a", shards: [range("s", 0, 60)] },
      { variationKey: "b", shards: [range("s", 40, 100)] },
    ];
    expect(expectedShares({ key: "x", splits }, 100)?.get("a")).toBeCloseTo(0.6);
  });

  it("gives everything to a split without shards", () => {
    expect(expectedShares({ key: "x", splits: [{ variationKey: "a", shards: [] }] }, 100)).toEqual(
      new Map([["a", 1]]),
    );
  });

  it("is unknown where nobody is assigned", () => {
    expect(expectedShares({ key: "x", splits: [] }, 100)).toBeNull();
  });
});
