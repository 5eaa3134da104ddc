import { describe, expect, it } from "vitest";
import { compileExact } from "./exact.js";
import { FALSE, MISSING_CONTEXT, TRUE, UNSUPPORTED } from "./tri.js";

const VERSION_2 = { isVersion2: true };

describe("compileExact", () => {
  it.each([
    { target: [5], value: "", outcome: UNSUPPORTED, because: "an integer has no text" },
    {
      target: [5, "a"],
      value: "",
      outcome: UNSUPPORTED,
      because: "items after it are not reached",
    },
    {
      target: [5, "a"],
      value: "a",
      outcome: UNSUPPORTED,
      because: "items after it are not reached",
    },
    { target: ["a", 5], value: "a", outcome: TRUE, because: "items before it are" },
    { target: ["a", 5], value: "", outcome: UNSUPPORTED, because: "no item before it is equal" },
    { target: ["", 5], value: "", outcome: TRUE, because: "the empty string is an item" },
    { target: ["a", "b"], value: "", outcome: FALSE, because: "no item is equal" },
    { target: [5, "a"], value: 7, outcome: MISSING_CONTEXT, because: "the property has no text" },
  ])("compares $value with $target: $because", ({ outcome, target, value }) => {
    expect(compileExact(target, MISSING_CONTEXT)(value, VERSION_2)).toBe(outcome);
  });
});
