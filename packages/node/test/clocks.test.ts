import { isLong } from "@sortition/test-kit";
import { it } from "vitest";
import { expectNothingMissed, simulateClockDay } from "./support/clock-day.js";

it.each(isLong ? [1, 2] : [63])(
  "a client whose clocks jump, drift and stand still misses no change and makes the usual number of requests: seed %d",
  async (seed) => expectNothingMissed(await simulateClockDay(isLong ? 24 : 0.5, seed)),
);
