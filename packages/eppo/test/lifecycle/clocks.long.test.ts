import { describe, it } from "vitest";
import { expectNothingMissed } from "./clock-day.js";

describe("a client whose clocks jump, drift and stand still for a day", () => {
  it("misses no change and makes the usual number of requests", async () => {
    await expectNothingMissed(24, 1);
  });
});
