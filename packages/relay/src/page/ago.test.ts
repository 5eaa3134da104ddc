import { describe, expect, it } from "vitest";
import { agoText, durationText } from "./ago.js";

const MINUTE_MS = 60_000;

describe("durationText", () => {
  it.each([
    [1_000, "1 second"],
    [59_000, "59 seconds"],
    [112_000, "2 minutes"],
    [90 * MINUTE_MS, "90 minutes"],
    [170 * MINUTE_MS, "3 hours"],
    [3 * 24 * 60 * MINUTE_MS, "3 days"],
  ])("of %d ms is %s", (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

describe("agoText", () => {
  it.each([
    [-10, "just now"],
    [900, "just now"],
    [12_000, "12 seconds ago"],
    [112_000, "2 minutes ago"],
  ])("of %d ms is %s", (ms, text) => {
    expect(agoText(ms)).toBe(text);
  });
});
