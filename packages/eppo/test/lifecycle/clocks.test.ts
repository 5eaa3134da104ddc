import { describe, it } from "vitest";
import { playClockDay } from "./clock-day.js";

describe("a client whose clocks jump, drift and stand still", () => {
  it("misses no change for two intervals and makes the usual number of requests", async () => {
    await playClockDay(0.5, 63);
  });
});
