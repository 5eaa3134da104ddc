import { describe, expect, it } from "vitest";
import { DIALECT_NAMES } from "../support/dialects.js";
import { checkCalls } from "./check.js";

describe.each(DIALECT_NAMES)("20,000 generated calls with the dialect %s", (name) => {
  it("return the values, variants and events of the native client", async () => {
    const { answered, logged } = await checkCalls(name, 20_000);
    expect(answered).toBeGreaterThan(5_000);
    expect(logged).toBeGreaterThan(200);
  }, 240_000);
});
