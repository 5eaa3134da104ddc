import { isLong } from "@sortition/test-kit";
import { it } from "vitest";
import { playClockDay } from "./clock-day.js";

it("a client whose clocks jump, drift and stand still misses no change and makes the usual number of requests", () =>
  isLong ? playClockDay(24, 1) : playClockDay(0.5, 63));
