import { describe, it } from "vitest";
import { playClockDay } from "./clock-day.js";

describe("a client whose clocks jump, drift and stand still for a day", () => {
  it("misses no change and makes the usual number of requests", async () => {
    await playClockDay(24, 1);
  });
});
