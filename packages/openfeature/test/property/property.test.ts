import { describe, expect, it } from "vitest";
import { DIALECT_NAMES } from "../support/dialects.js";
import { checkCalls } from "./check.js";

describe.each(DIALECT_NAMES)("600 generated calls with the dialect %s", (name) => {
  it("return the values, variants and events of the native client", async () => {
    const { answered, logged, reasons } = await checkCalls(name, 600);
    expect(answered).toBeGreaterThan(150);
    expect(logged).toBeGreaterThan(6);
    expect([...reasons]).toEqual(
      expect.arrayContaining([
        "STATIC",
        "TARGETING_MATCH",
        "DEFAULT",
        "TYPE_MISMATCH",
        "FLAG_NOT_FOUND",
      ]),
    );
  });
});
