import { describe, it } from "vitest";
import { expectNothingMissed } from "./clocks.js";

describe("a client for local evaluation whose clocks jump, drift and stand still for a day", () => {
  it.each([1, 2])("misses no change, and makes its usual requests: seed %d", async (seed) => {
    await expectNothingMissed(24, seed);
  });
});
