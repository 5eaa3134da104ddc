import { describe, expect, it } from "vitest";
import { parseEpochMs, parseIsoTime, parseTimeText } from "./time.js";

describe("parseIsoTime", () => {
  it.each([
    { text: "2026-02-01T12:00:00Z", iso: "2026-02-01T12:00:00.000Z" },
    { text: "2026-02-01T12:00:00.123Z", iso: "2026-02-01T12:00:00.123Z" },
    { text: "2026-02-01T12:00:00.123999Z", iso: "2026-02-01T12:00:00.123Z" },
    { text: "2026-02-01T12:00:00,5Z", iso: "2026-02-01T12:00:00.500Z" },
    { text: "2026-02-01T12:00Z", iso: "2026-02-01T12:00:00.000Z" },
    { text: "2026-02-01", iso: "2026-02-01T00:00:00.000Z" },
    { text: "2024-02-29", iso: "2024-02-29T00:00:00.000Z" },
    { text: "2026-02-01T12:00:00+02:00", iso: "2026-02-01T10:00:00.000Z" },
    { text: "2026-02-01T12:00:00-0530", iso: "2026-02-01T17:30:00.000Z" },
    { text: "2026-02-01T12:00:00+02", iso: "2026-02-01T10:00:00.000Z" },
    { text: "2026-02-01T24:00:00Z", iso: "2026-02-02T00:00:00.000Z" },
    { text: "0001-01-01T00:00:00Z", iso: "0001-01-01T00:00:00.000Z" },
  ])("reads $text as $iso", ({ text, iso }) => {
    expect(new Date(parseIsoTime(text) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it("reads a time without a zone as local time", () => {
    expect(parseIsoTime("2026-02-01T12:00:00")).toBe(new Date(2026, 1, 1, 12).getTime());
  });

  it.each([
    "",
    "now",
    "2026",
    "2026-02",
    "2026-2-1",
    "2026-02-30",
    "2025-02-29",
    "2026-13-01",
    "2026-02-01 12:00:00",
    "2026-02-01T12",
    "2026-02-01T12:60Z",
    "2026-02-01T24:01:00Z",
    "2026-02-01T25:00:00Z",
    "2026-02-01T12:00:00+25:00",
    "2026-02-01T12:00:00 Z",
    " 2026-02-01",
    "2026-02-01Z",
    "Sun, 01 Feb 2026 12:00:00 GMT",
    "20260201T120000Z",
    "1769947200000",
  ])("refuses %j", (text) => {
    expect(parseIsoTime(text)).toBeNull();
  });
});

describe("parseEpochMs", () => {
  it.each([
    { value: 0, ms: 0, because: "it is the epoch" },
    { value: -1, ms: -1, because: "times before the epoch are valid" },
    { value: 1.9, ms: 1, because: "a Date has no fractions of milliseconds" },
    { value: 8.64e15, ms: 8.64e15, because: "it is the last time that Date can represent" },
    { value: 8.64e15 + 1, ms: null, because: "Date cannot represent later times" },
    { value: Number.POSITIVE_INFINITY, ms: null, because: "Date cannot represent it" },
  ])("reads $value as $ms, because $because", ({ value, ms }) => {
    expect(parseEpochMs(value)).toBe(ms);
  });
});

describe("parseTimeText", () => {
  it.each([
    { text: "1769947200000", ms: 1_769_947_200_000 },
    { text: "-5", ms: -5 },
    { text: "2026-02-01T12:00:00Z", ms: 1_769_947_200_000 },
    { text: "1e3", ms: null },
    { text: "", ms: null },
  ])("reads $text as $ms", ({ text, ms }) => {
    expect(parseTimeText(text)).toBe(ms);
  });
});
