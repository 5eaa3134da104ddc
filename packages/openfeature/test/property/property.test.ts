import { isLong, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { DIALECT_NAMES } from "../support/dialects.js";
import { checkCalls } from "./check.js";

const CALLS = isLong ? 6_000 : isWhole ? 600 : 200;

describe.each(DIALECT_NAMES)(`${CALLS} generated calls with the dialect %s`, (name) => {
  it("return the values, variants and events of the native client", async () => {
    const { answered, logged, reasons } = await checkCalls(name, CALLS);
    expect(answered).toBeGreaterThan(CALLS / 4);
    expect(logged).toBeGreaterThan(CALLS / 100);
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
