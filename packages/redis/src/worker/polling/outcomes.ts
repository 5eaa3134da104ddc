import {
  type Failure,
  HttpStatusError,
  httpStatusOf,
  NetworkError,
  ProtocolError,
} from "@sortition/core/internal";
import type { LastPoll, PollOutcome } from "../replies.js";

/** Maximum backoff of the whole fleet after failed polls, in intervals. */
const MAX_INTERVALS = 8;
const MAX_RETRY_AFTER_MS = 600_000;

/** How a failure is recorded in Redis. */
export function outcomeOf({ error, kind }: Failure): {
  readonly outcome: PollOutcome;
  readonly status: number;
} {
  const status = httpStatusOf(error) ?? 0;
  if (status === 429) return { outcome: "rate-limited", status };
  return { outcome: kind === "unauthorized" ? "unauthorized" : "origin-error", status };
}

/**
 * The number of its own failures after which a leader hands the lease to a worker that may be able to reach the origin.
 * `null`: every worker would fail in the same way, because the origin refuses the key, requests a pause, or returns
 * unusable data.
 */
export function handOverAfter({ error, kind, retryAfterMs }: Failure): number | null {
  const status = httpStatusOf(error);
  if (kind !== "transient" || retryAfterMs !== null || status === 429) return null;
  // An error status is probably the origin's own problem, and may be temporary.
  if (status !== null) return 2;
  return error.code === "SORTITION_NETWORK" || error.code === "SORTITION_TIMEOUT" ? 1 : null;
}

/** Pause after this many consecutive failures. The server's `Retry-After` is respected up to ten minutes. */
export function backoffMs(
  pollIntervalMs: number,
  failures: number,
  retryAfterMs: number | null,
): number {
  const growingMs = pollIntervalMs * Math.min(MAX_INTERVALS, 2 ** failures);
  return Math.max(growingMs, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

/**
 * The leader's failure, as a follower reports it to its clients.
 *
 * @param inMs - time until the next poll.
 */
export function failureOf({ outcome, status }: LastPoll, inMs: number): Failure {
  const retryAfterMs = outcome === "rate-limited" ? inMs : null;
  if (status < 400) {
    const error =
      status === 0
        ? new NetworkError("the polling worker got no response", undefined)
        : new ProtocolError("the polling worker could not use the response");
    return { kind: outcome === "unauthorized" ? "unauthorized" : "transient", error, retryAfterMs };
  }
  const error = new HttpStatusError(status, retryAfterMs);
  if (outcome === "unauthorized") return { kind: "unauthorized", error, retryAfterMs };
  return { kind: isTransient(status) ? "transient" : "rejected", error, retryAfterMs };
}

function isTransient(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}
