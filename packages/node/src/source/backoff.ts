import type { Failure } from "@sortition/core/internal";
import type { LastAttempt } from "./pacer.js";

/** The interval between attempts. */
export interface Pacing {
  readonly intervalMs: number;
  /** Half the width of the spread around the interval. */
  readonly jitterMs: number;
}

/** State of the poller after a failed attempt. */
export interface FailedAttempt extends Omit<LastAttempt, "attempts" | "failure"> {
  readonly failure: Failure;
}

/** Initial back-off while there is nothing to serve. */
const EMPTY_BASE_MS = 500;
const MIN_DELAY_MS = 100;
const MAX_RETRY_AFTER_MS = 600_000;
/** Number of consecutive refusals after which the next attempt is made within one interval. */
const QUICK_REFUSALS = 2;
/** Pause after each further refusal, in polling intervals. */
const PROBE_INTERVALS = 10;

/**
 * Delay after the first success. It spreads over the whole interval, so that a fleet that started
 * together does not poll together.
 */
export function firstDelayMs({ intervalMs }: Pacing, u: number): number {
  return intervalMs * (0.1 + 0.9 * u);
}

/** Delay after each further success. */
export function steadyDelayMs({ intervalMs, jitterMs }: Pacing, u: number): number {
  return intervalMs + (2 * u - 1) * jitterMs;
}

/**
 * Delay after a failure. After transient failures: full jitter capped at two intervals, so that the
 * average rate stays normal in a long outage. The server's `Retry-After` is respected up to ten
 * minutes. After refusals: two quick retries, because a proxy may respond with 404 or 403 for a
 * moment during a deployment, then slow retries forever, because a key may be restored.
 *
 * @param u - one draw in [0, 1].
 * @see docs/spec/lifecycle.md §1.2
 */
export function failureDelayMs(pacing: Pacing, attempt: FailedAttempt, u: number): number {
  const { intervalMs, jitterMs } = pacing;
  const { failure, failures, refusals, isLoaded } = attempt;
  if (failure.kind !== "transient") {
    return refusals <= QUICK_REFUSALS
      ? intervalMs * (0.2 + 0.1 * u)
      : PROBE_INTERVALS * intervalMs * (0.9 + 0.2 * u);
  }
  const baseMs = isLoaded ? intervalMs : EMPTY_BASE_MS;
  const growingMs = Math.min(2 * intervalMs, baseMs * 2 ** (failures - 1));
  const delayMs = Math.max(MIN_DELAY_MS, u * growingMs);
  if (failure.retryAfterMs === null) return delayMs;
  return Math.max(delayMs, Math.min(failure.retryAfterMs, MAX_RETRY_AFTER_MS)) + u * jitterMs;
}
