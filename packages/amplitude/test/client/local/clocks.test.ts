import { isLong } from "@sortition/test-kit";
import { it } from "vitest";
import { playClockDay } from "./clocks.js";

it.each(isLong ? [1, 2] : [63])(
  "a local client whose clocks jump, drift and stand still misses no change and makes the usual number of requests: seed %d",
  (seed) => playClockDay(isLong ? 24 : 0.5, seed),
);
