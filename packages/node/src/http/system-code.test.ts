import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { systemCodeOf } from "./system-code.js";

describe("systemCodeOf", () => {
  it.each([
    { what: "an error with a code", cause: Object.assign(new Error(), { code: "ENOENT" }) },
    {
      what: "an error of another realm",
      cause: runInNewContext(`Object.assign(new Error(), { code: "ENOENT" })`),
    },
  ])("returns the code of $what", ({ cause }) => {
    expect(systemCodeOf(cause)).toBe("ENOENT");
  });

  it.each([
    { what: "an error without a code", cause: new Error() },
    { what: "a code that is not a string", cause: Object.assign(new Error(), { code: 5 }) },
    { what: "null", cause: null },
    { what: "a string", cause: "ENOENT" },
  ])("returns null for $what", ({ cause }) => {
    expect(systemCodeOf(cause)).toBeNull();
  });
});
