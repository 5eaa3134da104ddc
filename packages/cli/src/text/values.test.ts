import { describe, expect, it } from "vitest";
import { shareText, shortTimeText } from "./values.js";

describe("the text", () => {
  it.each([
    { share: 0, text: "0 %" },
    { share: 0.5, text: "50 %" },
    { share: 1 / 3, text: "33.3333 %" },
    { share: 0.1 + 0.2, text: "30 %" },
  ])("of the share $share is $text", ({ share, text }) => {
    expect(shareText(share)).toBe(text);
  });

  it.each([
    { time: "2026-02-01T00:00:00.000Z", text: "2026-02-01" },
    { time: "2026-02-01T12:30:00.000Z", text: "2026-02-01T12:30Z" },
    { time: "2026-02-01T12:30:15.000Z", text: "2026-02-01T12:30:15Z" },
    { time: "2026-02-01T12:30:15.001Z", text: "2026-02-01T12:30:15.001Z" },
  ])("of the time $time is $text", ({ time, text }) => {
    expect(shortTimeText(Date.parse(time))).toBe(text);
  });
});
