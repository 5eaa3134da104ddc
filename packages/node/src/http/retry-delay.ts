/** Inputs of the delay before a lost connection is made again. */
export interface LostConnection {
  /** Connections in a row on which nothing was received, this one included; at least 1. */
  readonly failures: number;
  /** Delay that the server asks for, or else the option. */
  readonly retryMs: number;
  readonly maxRetryMs: number;
  /** `null` unless the response asked for it. */
  readonly retryAfterMs: number | null;
}

const MIN_RETRY_MS = 100;
const MAX_RETRY_AFTER_MS = 600_000;

/**
 * Ms until the next connection: never less than the server asked for, doubled with each failure, spread
 * over once more, so that the clients of a server that was restarted do not come back together.
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
