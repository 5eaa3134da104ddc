import { describe, expect, it } from "vitest";
import { errorsIn, MOVED } from "./vendor-programs/compile.ts";

// Not strictly, and with the vendors' own packages: in the long test.
describe("the programs of the vendors' users", () => {
  it("compile after the move", () => {
    expect(MOVED.size).toBe(4);
    expect(errorsIn([...MOVED.keys()], { isStrict: true })).toEqual([]);
  });
});
