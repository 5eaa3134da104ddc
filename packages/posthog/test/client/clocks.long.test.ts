import { describe, it } from "vitest";
import { playClockDay } from "./clock-day.js";

describe("a client whose clocks jump, drift and freeze for a day", () => {
  it("serves each change within two intervals, without extra requests", async () => {
    await playClockDay(24, 1);
  });
});
