import { describe, expect, it } from "vitest";
import { viaOf } from "./exposure-parts.js";

describe("viaOf", () => {
  it.each([
    { allocation: "a", experiment: null, via: "a", because: "the experiment has no name" },
    { allocation: "a", experiment: "f-a", via: "a", because: "that is its default name" },
    { allocation: "a", experiment: "f", via: "a", because: "it has the name of the flag" },
    {
      allocation: "",
      experiment: null,
      via: "",
      because: "an empty allocation is still an allocation",
    },
    { allocation: null, experiment: "x", via: "x", because: "there is no allocation" },
    { allocation: null, experiment: null, via: null, because: "there is neither" },
    { allocation: "a", experiment: "x", via: '["a","x"]', because: "the experiment has a name" },
  ])("of flag f, $allocation and $experiment is $via, because $because", ({ via, ...way }) => {
    expect(viaOf("f", way)).toBe(via);
  });

  it("treats absent members as null, because events may come from other code than a client", () => {
    expect([viaOf("f", {}), viaOf("f", { allocation: "a" })]).toEqual([null, "a"]);
  });
});
