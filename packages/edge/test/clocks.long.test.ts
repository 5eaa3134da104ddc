import { describe, it } from "vitest";
import { expectNothingMissed } from "./support/clock-day.js";

const HOUR_MS = 3_600_000;

describe("isolates over six hours of wrong clocks", () => {
  it.each([
    { what: "alone", isShared: false },
    { what: "with a shared cache", isShared: true },
  ])(
    "$what receive each change within two intervals, with at most twice the requests",
    async ({ isShared }) => {
      await expectNothingMissed({ hours: 6, isShared });
    },
  );

  it("make no more requests than without a shared cache if their clocks are always wrong", async () => {
    const skewsMs = [HOUR_MS, 0, -HOUR_MS];
    await expectNothingMissed({ hours: 6, isShared: true, skewsMs });
  });
});
