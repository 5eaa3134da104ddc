import { describe, expect, it } from "vitest";
import { errorsIn, MOVED } from "./vendor-programs/compile.ts";

// The long test also compiles without strict settings, and with the vendors' own packages.
describe("the programs of the vendors' users", () => {
  it("compile with our packages", () => {
    expect(MOVED.size).toBe(4);
    expect(errorsIn([...MOVED.keys()], { isStrict: true })).toEqual([]);
  });
});
