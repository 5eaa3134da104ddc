import { isLong } from "@sortition/test-kit";
import { it } from "vitest";
import { playClockDay } from "./clocks.js";

it("a local client whose clocks jump, drift and stand still misses no change and makes the usual number of requests", () =>
  isLong ? playClockDay(12, 1) : playClockDay(0.5, 63));
