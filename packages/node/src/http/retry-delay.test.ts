import { describe, expect, it } from "vitest";
import { retryDelayMs } from "./retry-delay.js";

describe("retryDelayMs", () => {
  const usual = { failures: 1, retryMs: 1_000, maxRetryMs: 60_000, retryAfterMs: null };
  it.each([
    { lost: {}, u: 0, delayMs: 1_000, because: "never less than asked for" },
    { lost: {}, u: 0.5, delayMs: 1_500, because: "it is spread" },
    { lost: { failures: 3 }, u: 0, delayMs: 4_000, because: "it doubles" },
    { lost: { failures: 50 }, u: 0, delayMs: 60_000, because: "there is a bound" },
    { lost: { failures: 50, retryMs: 90_000 }, u: 0, delayMs: 90_000, because: "the server wins" },
    { lost: { retryMs: 0 }, u: 0, delayMs: 100, because: "a hot loop is no retry" },
    { lost: { retryAfterMs: 30_000 }, u: 0, delayMs: 30_000, because: "Retry-After is honoured" },
    { lost: { retryAfterMs: 30_000 }, u: 1, delayMs: 33_000, because: "and spread a little" },
    { lost: { retryAfterMs: 1e9 }, u: 0, delayMs: 600_000, because: "up to ten minutes" },
    { lost: { retryAfterMs: 10 }, u: 0, delayMs: 1_000, because: "our own delay is longer" },
  ])("is $delayMs after $lost with draw $u, because $because", ({ lost, u, delayMs }) => {
    expect(retryDelayMs({ ...usual, ...lost }, u)).toBeCloseTo(delayMs);
  });
});
