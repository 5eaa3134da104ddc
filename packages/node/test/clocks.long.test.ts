import { describe, it } from "vitest";
import { expectNothingMissed, simulateClockDay } from "./support/clock-day.js";

describe("a client whose clocks jump, drift and stand still for a day", () => {
  it.each([1, 2])(
    "misses no change and makes the usual number of requests: seed %d",
    async (seed) => {
      expectNothingMissed(await simulateClockDay(24, seed));
    },
  );
});
