import { describe, expect, it } from "vitest";
import { expectedShares } from "./expected-shares.js";

const range = (salt: string, start: number, end: number) => ({ salt, ranges: [{ start, end }] });

describe("expectedShares", () => {
  it("counts only assigned traffic", () => {
    const splits = [
      { variationKey: "a", shards: [range("traffic", 0, 50), range("s", 0, 25)] },
      { variationKey: "b", shards: [range("traffic", 0, 50), range("s", 25, 100)] },
    ];
    expect(expectedShares({ key: "x", splits }, 100)).toEqual(
      new Map([
        ["a", 0.25],
        ["b", 0.75],
      ]),
    );
  });

  it("is unknown if no subject is assigned", () => {
    expect(expectedShares({ key: "x", splits: [] }, 100)).toBeNull();
  });
});
