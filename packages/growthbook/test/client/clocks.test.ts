import { describe, it } from "vitest";
import { playClockDay } from "./clock-day.js";

describe("a client with a source whose clocks jump, drift and freeze", () => {
  it("serves each change within two intervals, without extra requests", async () => {
    await playClockDay(0.5, 63);
  });
});
