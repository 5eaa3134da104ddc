import { describe, it } from "vitest";
import { playClockDay } from "./clocks.js";

describe("a local client whose clocks jump, drift and stand still", () => {
  it("misses no change for two intervals and makes the usual number of requests", async () => {
    await playClockDay(0.5, 63);
  });
});
