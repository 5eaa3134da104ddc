import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.js";

const nowMs = Date.parse("Thu, 20 Nov 2025 10:00:00 GMT");

describe("retryAfterMs", () => {
  it.each([
    { retryAfter: null, date: null, ms: null, because: "there is none" },
    { retryAfter: "120", date: null, ms: 120_000, because: "seconds are the usual form" },
    { retryAfter: "0", date: null, ms: 0, because: "zero seconds are seconds" },
    { retryAfter: "-5", date: null, ms: null, because: "negative seconds are invalid" },
    { retryAfter: "1e9", date: null, ms: null, because: "HTTP has no exponents" },
    { retryAfter: "soon", date: null, ms: null, because: "it is neither seconds nor a date" },
    {
      retryAfter: "Thu, 20 Nov 2025 10:02:00 GMT",
      date: null,
      ms: 120_000,
      because: "without a response date the local clock is used",
    },
    {
      retryAfter: "Thu, 20 Nov 2025 11:02:00 GMT",
      date: "Thu, 20 Nov 2025 11:00:00 GMT",
      ms: 120_000,
      because: "both dates are of the server's clock",
    },
    {
      retryAfter: "Thu, 20 Nov 2025 09:00:00 GMT",
      date: null,
      ms: null,
      because: "the date is past",
    },
  ])("reads $retryAfter as $ms, because $because", ({ retryAfter, date, ms }) => {
    expect(retryAfterMs({ retryAfter, date, nowMs })).toBe(ms);
  });
});
