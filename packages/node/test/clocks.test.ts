import { isLong } from "@sortition/test-kit";
import { it } from "vitest";
import { expectNothingMissed, simulateClockDay } from "./support/clock-day.js";

it("a client whose clocks jump, drift and stand still misses no change and makes the usual number of requests", async () =>
  expectNothingMissed(await (isLong ? simulateClockDay(12, 1) : simulateClockDay(0.5, 63))));
