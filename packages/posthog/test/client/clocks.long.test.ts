import { describe, it } from "vitest";
import { expectNothingMissed } from "./clock-day.js";

describe("a client whose clocks jump, drift and freeze for a day", () => {
  it("serves each change within two intervals, without extra requests", async () => {
    await expectNothingMissed(24, 1);
  });
});
