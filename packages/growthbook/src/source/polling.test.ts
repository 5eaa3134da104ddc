import { describe, expect, it } from "vitest";
import { isInterval } from "./polling.js";

describe("isInterval", () => {
  it.each([
    { value: 1, is: true },
    { value: 1.5, is: true },
    { value: 2 ** 31 - 1, is: true },
    { value: 2 ** 31, is: false },
    { value: 0.999, is: false },
    { value: 0, is: false },
    { value: -1, is: false },
    { value: Number.NaN, is: false },
    { value: Number.POSITIVE_INFINITY, is: false },
    { value: "10" as never, is: false },
  ])("of $value is $is", ({ is, value }) => {
    expect(isInterval(value)).toBe(is);
  });
});
