import { describe, it } from "vitest";
import { playClockDay } from "./clocks.js";

describe("a local client whose clocks jump, drift and stand still for a day", () => {
  it.each([1, 2])(
    "misses no change and makes the usual number of requests: seed %d",
    async (seed) => {
      await playClockDay(24, seed);
    },
  );
});
