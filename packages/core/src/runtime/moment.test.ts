import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { momentAgo, msSince } from "./moment.js";

const HOUR_MS = 3_600_000;

describe("msSince", () => {
  it.each([
    { jumpMs: 0, ageMs: 5_000, because: "both clocks agree" },
    { jumpMs: -HOUR_MS, ageMs: 5_000, because: "a wall clock that was set back is ignored" },
    {
      jumpMs: HOUR_MS,
      ageMs: HOUR_MS + 5_000,
      because: "the monotonic clock may have stood still",
    },
  ])("is $ageMs after 5 s and a jump of $jumpMs, because $because", async ({ ageMs, jumpMs }) => {
    const clock = createFakeClock();
    const moment = momentAgo(clock);
    clock.jump(jumpMs);
    await clock.advance(5_000);
    expect(msSince(moment, clock)).toBe(ageMs);
  });

  it("counts from a moment in the past", () => {
    const clock = createFakeClock();
    expect(msSince(momentAgo(clock, 300), clock)).toBe(300);
  });
});
