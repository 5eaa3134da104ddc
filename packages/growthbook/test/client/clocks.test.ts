import { isLong } from "@sortition/test-kit";
import { it } from "vitest";
import { playClockDay } from "./clock-day.js";

it("a client with a source whose clocks jump, drift and freeze serves each change within two intervals, without extra requests", () =>
  isLong ? playClockDay(24, 1) : playClockDay(0.5, 63));
