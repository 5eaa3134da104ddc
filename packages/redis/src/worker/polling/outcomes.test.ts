import {
  DecodeError,
  type Failure,
  HttpStatusError,
  NetworkError,
  TimeoutError,
} from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { backoffMs, failureOf, handOverAfter, outcomeOf } from "./outcomes.js";

function failure(status: number, kind: Failure["kind"] = "transient"): Failure {
  const error = status === 0 ? new NetworkError("m", undefined) : new HttpStatusError(status, null);
  return { kind, error, retryAfterMs: null };
}

describe("outcomeOf", () => {
  it.each([
    { failed: failure(503), outcome: "origin-error", status: 503 },
    { failed: failure(0), outcome: "origin-error", status: 0 },
    { failed: failure(429), outcome: "rate-limited", status: 429 },
    { failed: failure(401, "unauthorized"), outcome: "unauthorized", status: 401 },
    { failed: failure(404, "rejected"), outcome: "origin-error", status: 404 },
  ])("maps $failed.kind $status to $outcome", ({ failed, outcome, status }) => {
    expect(outcomeOf(failed)).toEqual({ outcome, status });
  });
});

describe("handOverAfter", () => {
  const timeout = new TimeoutError("request", 5_000);
  const garbage = new DecodeError("$", "expected JSON");
  const transient = { kind: "transient", retryAfterMs: null } as const;

  it.each<{ of: Failure; after: number | null; because: string }>([
    { of: failure(0), after: 1, because: "no server was reached" },
    { of: { ...transient, error: timeout }, after: 1, because: "no server responded" },
    { of: failure(502), after: 2, because: "the origin is probably the cause, and may recover" },
    { of: failure(429), after: null, because: "the origin wants fewer requests" },
    {
      of: { ...failure(503), retryAfterMs: 1_000 },
      after: null,
      because: "the origin requested a pause",
    },
    { of: failure(401, "unauthorized"), after: null, because: "all workers have the same key" },
    { of: failure(404, "rejected"), after: null, because: "all workers use the same address" },
    {
      of: { ...transient, error: garbage },
      after: null,
      because: "all workers receive the same bytes",
    },
  ])("is $after, because $because", ({ after, of }) => {
    expect(handOverAfter(of)).toBe(after);
  });
});

describe("failureOf", () => {
  it.each([
    { outcome: "origin-error", status: 503, kind: "transient", code: "SORTITION_HTTP_STATUS" },
    { outcome: "origin-error", status: 404, kind: "rejected", code: "SORTITION_HTTP_STATUS" },
    { outcome: "origin-error", status: 0, kind: "transient", code: "SORTITION_NETWORK" },
    { outcome: "origin-error", status: 200, kind: "transient", code: "SORTITION_PROTOCOL" },
    { outcome: "unauthorized", status: 401, kind: "unauthorized", code: "SORTITION_UNAUTHORIZED" },
    { outcome: "rate-limited", status: 429, kind: "transient", code: "SORTITION_HTTP_STATUS" },
  ] as const)(
    "converts $outcome $status to $kind with $code",
    ({ outcome, status, kind, code }) => {
      const reported = failureOf({ outcome, status, failures: 1 }, 5_000);
      expect([reported.kind, reported.error.code]).toEqual([kind, code]);
      expect(reported.retryAfterMs).toBe(outcome === "rate-limited" ? 5_000 : null);
    },
  );
});

describe("backoffMs", () => {
  it.each([
    { failures: 1, retryAfterMs: null, ms: 2_000, because: "it doubles" },
    { failures: 2, retryAfterMs: null, ms: 4_000, because: "it doubles again" },
    { failures: 9, retryAfterMs: null, ms: 8_000, because: "it is capped at eight intervals" },
    { failures: 1, retryAfterMs: 60_000, ms: 60_000, because: "the server requested it" },
    { failures: 1, retryAfterMs: 1, ms: 2_000, because: "the server requested less" },
    { failures: 1, retryAfterMs: 1e9, ms: 600_000, because: "ten minutes is the limit" },
  ])("is $ms after $failures failures, because $because", ({ failures, retryAfterMs, ms }) => {
    expect(backoffMs(1_000, failures, retryAfterMs)).toBe(ms);
  });
});
