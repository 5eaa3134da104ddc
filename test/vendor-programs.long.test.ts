import { describe, expect, it } from "vitest";
import { errorsIn, MOVED } from "./vendor-programs/compile.ts";
import { VENDOR_PROGRAMS } from "./vendor-programs/programs.ts";

describe("the programs of the vendors' users", () => {
  it.each([true, false])(
    "compile with the vendors' packages and with ours, strictly: %s",
    (isStrict) => {
      expect(MOVED.size).toBe(4);
      const roots = [...VENDOR_PROGRAMS.map(({ path }) => path), ...MOVED.keys()];
      expect(errorsIn(roots, { isStrict })).toEqual([]);
    },
  );
});
