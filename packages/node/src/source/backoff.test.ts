import { type Failure, NetworkError } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { failureDelayMs, firstDelayMs, steadyDelayMs } from "./backoff.js";

const pacing = { intervalMs: 30_000, jitterMs: 5_000 };

function failure(kind: Failure["kind"], retryAfterMs: number | null = null): Failure {
  return { kind, error: new NetworkError("broken", null), retryAfterMs };
}

describe("firstDelayMs", () => {
  it.each([
    { u: 0, delayMs: 3_000 },
    { u: 0.5, delayMs: 16_500 },
    { u: 1, delayMs: 30_000 },
  ])("spreads over nearly the whole interval: draw $u gives $delayMs", ({ u, delayMs }) => {
    expect(firstDelayMs(pacing, u)).toBe(delayMs);
  });
});

describe("steadyDelayMs", () => {
  it.each([
    { u: 0, delayMs: 25_000 },
    { u: 0.5, delayMs: 30_000 },
    { u: 1, delayMs: 35_000 },
  ])("stays close to the interval: draw $u gives $delayMs", ({ u, delayMs }) => {
    expect(steadyDelayMs(pacing, u)).toBe(delayMs);
  });
});

describe("failureDelayMs", () => {
  it.each([
    { failures: 1, isLoaded: false, u: 1, delayMs: 500, because: "there is no configuration" },
    { failures: 2, isLoaded: false, u: 1, delayMs: 1_000, because: "it doubles" },
    { failures: 7, isLoaded: false, u: 1, delayMs: 32_000, because: "it keeps doubling" },
    { failures: 8, isLoaded: false, u: 1, delayMs: 60_000, because: "the cap is two intervals" },
    { failures: 5_000, isLoaded: false, u: 1, delayMs: 60_000, because: "the cap has no end" },
    { failures: 1, isLoaded: true, u: 1, delayMs: 30_000, because: "there is a configuration" },
    { failures: 2, isLoaded: true, u: 1, delayMs: 60_000, because: "the cap is reached" },
    { failures: 9, isLoaded: true, u: 0.25, delayMs: 15_000, because: "jitter is full" },
    { failures: 9, isLoaded: true, u: 0, delayMs: 100, because: "the minimum prevents a hot loop" },
  ])("is $delayMs after $failures failures, because $because", ({ u, delayMs, ...rest }) => {
    const attempt = { failure: failure("transient"), refusals: 0, ...rest };
    expect(failureDelayMs(pacing, attempt, u)).toBe(delayMs);
  });

  it.each([
    { retryAfterMs: 120_000, u: 0.5, delayMs: 122_500, because: "the server's delay is longer" },
    { retryAfterMs: 1_000, u: 1, delayMs: 65_000, because: "our own delay is longer" },
    { retryAfterMs: 1e12, u: 1, delayMs: 605_000, because: "ten minutes is the maximum" },
  ])(
    "is $delayMs after Retry-After $retryAfterMs, because $because",
    ({ retryAfterMs, u, delayMs }) => {
      const attempt = {
        failure: failure("transient", retryAfterMs),
        failures: 3,
        refusals: 0,
        isLoaded: true,
      };
      expect(failureDelayMs(pacing, attempt, u)).toBe(delayMs);
    },
  );

  it.each([
    { kind: "unauthorized", refusals: 1, isLoaded: false, u: 0, delayMs: 6_000 },
    { kind: "unauthorized", refusals: 2, isLoaded: true, u: 1, delayMs: 9_000 },
    { kind: "rejected", refusals: 1, isLoaded: true, u: 0, delayMs: 6_000 },
    { kind: "rejected", refusals: 2, isLoaded: false, u: 1, delayMs: 9_000 },
    { kind: "unauthorized", refusals: 3, isLoaded: false, u: 0, delayMs: 270_000 },
    { kind: "rejected", refusals: 3, isLoaded: true, u: 1, delayMs: 330_000 },
    { kind: "rejected", refusals: 9, isLoaded: false, u: 0.5, delayMs: 300_000 },
  ] as const)(
    "is $delayMs after refusal $refusals ($kind, loaded: $isLoaded, draw $u)",
    ({ kind, u, delayMs, ...rest }) => {
      const attempt = { failure: failure(kind), failures: 20, ...rest };
      expect(failureDelayMs(pacing, attempt, u)).toBeCloseTo(delayMs);
    },
  );
});
