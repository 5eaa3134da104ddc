import { describe, it } from "vitest";
import { expectNothingMissed, simulateClockDay } from "./support/clock-day.js";

describe("a client whose clocks jump, drift and stand still", () => {
  it("misses no change for two intervals and makes the usual number of requests", async () => {
    expectNothingMissed(await simulateClockDay(0.5, 63));
  });
});
