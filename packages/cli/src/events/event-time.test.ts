import { describe, expect, it } from "vitest";
import { eventTimeOf } from "./event-time.js";

const AT_NOON_MS = Date.UTC(2026, 1, 1, 12);

describe("eventTimeOf", () => {
  it.each([
    "2026-02-01T12:00:00Z",
    "2026-02-01 12:00:00 UTC",
    "2026-02-01 12:00:00 GMT",
    "2026-02-01 12:00:00 Z",
    "2026-02-01 12:00:00.000 Z",
    "2026-02-01 04:00:00.000 -0800",
    "2026-02-01 14:00:00 +02:00",
    "2026-02-01 12:00:00+00:00",
    "2026-02-01 12:00:00+0000",
    "2026-02-01 12:00:00.000000000+00",
    "2026-02-01T12:00:00.0 +00:00",
    `${AT_NOON_MS}`,
    AT_NOON_MS,
  ])("reads %j", (value) => {
    expect(eventTimeOf(value, null)).toBe(AT_NOON_MS);
  });

  it.each([1, 3, 6, 9])("reads fractions of %i digits", (digits) => {
    const text = `2026-02-01 12:00:00.${"123456789".slice(0, digits)} UTC`;
    expect(eventTimeOf(text, null)).toBe(
      AT_NOON_MS + Number("123".slice(0, digits).padEnd(3, "0")),
    );
  });

  it.each([
    [1_770_000_000, "seconds"],
    ["1770000000", "seconds"],
    [1_770_000_000_000_000, "microseconds"],
    ["1770000000000000", "microseconds"],
    [1_770_000_000_000_000_000, "nanoseconds"],
    ["1770000000000000000", "nanoseconds"],
  ])("rejects %j, and names the unit %s", (value, unit) => {
    expect(eventTimeOf(value, null)).toBe(`expected epoch milliseconds, but the unit is ${unit}`);
  });

  it.each(["2026-02-01  12:00:00Z", "12:00:00Z", "2026-02-30 12:00:00Z"])("refuses %j", (value) => {
    expect(eventTimeOf(value, null)).toBe(`not a time: ${JSON.stringify(value)}`);
  });

  it("needs a zone for times without one", () => {
    expect(eventTimeOf("2026-02-01 12:00:00", null)).toMatch("--zone");
    expect(eventTimeOf("2026-02-01 13:00:00", "+01:00")).toBe(AT_NOON_MS);
  });
});
