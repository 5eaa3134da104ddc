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

  it.each([
    {
      local: "2026-01-15 13:00:00",
      utc: "2026-01-15T12:00:00Z",
      because: "winter is one hour ahead",
    },
    {
      local: "2026-07-15 14:00:00",
      utc: "2026-07-15T12:00:00Z",
      because: "summer is two hours ahead",
    },
    {
      local: "2026-03-29 01:59:59",
      utc: "2026-03-29T00:59:59Z",
      because: "the clocks have not gone forward yet",
    },
    {
      local: "2026-03-29 02:30:00",
      utc: "2026-03-29T01:30:00Z",
      because: "this time does not occur",
    },
    {
      local: "2026-03-29 03:00:00",
      utc: "2026-03-29T01:00:00Z",
      because: "the clocks have gone forward",
    },
    {
      local: "2026-10-25 02:30:00",
      utc: "2026-10-25T00:30:00Z",
      because: "this time occurs twice, and the earlier one is used",
    },
    {
      local: "2026-10-25 03:00:00",
      utc: "2026-10-25T02:00:00Z",
      because: "the clocks have gone back",
    },
  ])("reads $local in Berlin as $utc, because $because", ({ local, utc }) => {
    expect(eventTimeOf(local, "Europe/Berlin")).toBe(Date.parse(utc));
  });

  it.each([1_000, "1000"])("reads %j as a time in 1970, which no other unit means", (value) => {
    expect(eventTimeOf(value, null)).toBe(1_000);
  });

  it("needs a zone for times without one", () => {
    expect(eventTimeOf("2026-02-01 12:00:00", null)).toMatch("--zone");
    expect(eventTimeOf("2026-02-01 13:00:00", "+01:00")).toBe(AT_NOON_MS);
  });
});
