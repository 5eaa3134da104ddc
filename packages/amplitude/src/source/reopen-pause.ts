import type { Clock } from "@sortition/core/internal";
import type { StreamPlan } from "@sortition/node/internal";
import { RETRY_MS, RETRY_SPREAD_MS } from "./stream-plan.js";

const MAX_RETRY_MS = 60_000;

/**
 * Determines when a native client reopens a stream: soon if it was up, unless that happened a
 * moment ago; otherwise after growing pauses, and slowly after a refusal. "Soon" is spread over two
 * seconds, because a server that restarts ends the streams of all clients.
 *
 * @param refusedMs - pause after a refusal.
 */
export function reopenPause(clock: Clock, refusedMs: number): StreamPlan["reopenMs"] {
  let soonAtMs = Number.NEGATIVE_INFINITY;
  return ({ failure, inARow, wasUp }, u) => {
    const nowMs = clock.monotonicMs();
    if (wasUp && nowMs - soonAtMs >= RETRY_MS) {
      soonAtMs = nowMs;
      return u * RETRY_SPREAD_MS;
    }
    if (!wasUp && failure.kind !== "transient") return refusedMs;
    const pauseMs = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** (inARow - 1));
    return Math.max(failure.retryAfterMs ?? 0, pauseMs + u * RETRY_SPREAD_MS);
  };
}
