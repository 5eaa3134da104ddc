import { describe, expect, it } from "vitest";
import { areEqualJson } from "./equal-json.js";

describe("areEqualJson", () => {
  it.each([
    { a: "1", b: " 1 ", areEqual: true, because: "white space does not count" },
    { a: "0", b: "-0", areEqual: false, because: "-0 is another number" },
    { a: "[]", b: "{}", areEqual: false, because: "an array is not an object" },
    { a: "null", b: "{}", areEqual: false, because: "null is not an object" },
    { a: '{"a":1,"b":2}', b: '{"b":2,"a":1}', areEqual: false, because: "order counts" },
    {
      a: '{"a":[1,{"b":null}]}',
      b: '{"a":[1,{"b":null}]}',
      areEqual: true,
      because: "all is equal",
    },
    {
      a: '{"a":[1,{"b":null}]}',
      b: '{"a":[1,{"b":0}]}',
      areEqual: false,
      because: "one leaf differs",
    },
    { a: "[1]", b: "[1,2]", areEqual: false, because: "the lengths differ" },
  ])("says $areEqual for $a and $b, because $because", ({ a, b, areEqual }) => {
    expect(areEqualJson(JSON.parse(a), JSON.parse(b))).toBe(areEqual);
  });

  it("compares values that nest deeper than the stack allows", () => {
    const nested = (innermost: unknown): unknown => {
      let value = innermost;
      for (let depth = 0; depth < 100_000; depth++) value = [value];
      return value;
    };
    expect(areEqualJson(nested(1), nested(1))).toBe(true);
    expect(areEqualJson(nested(1), nested(2))).toBe(false);
  });
});
