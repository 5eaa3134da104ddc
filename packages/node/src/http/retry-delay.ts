/** Inputs for the delay before reconnecting. */
export interface LostConnection {
  /** Consecutive connections on which nothing was received, including this one. At least 1. */
  readonly failures: number;
  /** Delay requested by the server, or else by the option. */
  readonly retryMs: number;
  readonly maxRetryMs: number;
  /** `null` if the response did not have `Retry-After`. */
  readonly retryAfterMs: number | null;
}

const MIN_RETRY_MS = 100;
const MAX_RETRY_AFTER_MS = 600_000;

/**
 * Returns the time until the next connection in ms. It is never shorter than the server requested,
 * doubles with each failure, and is spread over twice its length, so that the clients of a
 * restarted server do not all reconnect at once.
 *
 * @param u - one draw in [0, 1].
 */
export function retryDelayMs(lost: LostConnection, u: number): number {
  const { failures, retryMs, maxRetryMs, retryAfterMs } = lost;
  const baseMs = Math.max(MIN_RETRY_MS, retryMs);
  const capMs = Math.max(maxRetryMs, baseMs);
  const delayMs = Math.min(capMs, baseMs * 2 ** (failures - 1)) * (1 + u);
  return Math.max(delayMs, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS) * (1 + u / 10));
}
