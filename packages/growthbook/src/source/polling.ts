import { createClock, type Failure, MAX_DELAY_MS } from "@sortition/core/internal";
import type { Pacer } from "@sortition/node/internal";
import { HttpError } from "./reply.js";

type Transport = typeof import("@sortition/node/internal");

const MAX_JITTER_MS = 5_000;

/** Returns whether a timer can have this interval. Timers with any other value would fire immediately. */
export function isInterval(value: number): boolean {
  return Number.isFinite(value) && value >= 1 && value <= MAX_DELAY_MS;
}

/**
 * Starts polling. The first poll runs after an interval.
 *
 * @param poll - resolves to `null`, or to the reason for its failure.
 * @returns a function that ends polling.
 */
export function startPolling(intervalMs: number, poll: () => Promise<unknown>): () => void {
  let isEnded = false;
  let pacer: Pacer | null = null;
  const start = (transport: Transport): void => {
    if (isEnded) return;
    const pacing = { intervalMs, jitterMs: Math.min(MAX_JITTER_MS, intervalMs / 6) };
    pacer = new transport.Pacer(() => transport.lifecyclePace(pacing), {
      clock: createClock(),
      random: () => Math.random(),
      isLoaded: () => true,
      attempt: async () => failureOf(await poll(), transport),
    });
    pacer.start("later");
  };
  // Loaded on first use, because it imports undici's types and the streams.
  void import("@sortition/node/internal").then(start);
  return () => {
    isEnded = true;
    pacer?.stop();
  };
}

function failureOf(error: unknown, transport: Transport): Failure | null {
  if (error === null) return null;
  if (!(error instanceof HttpError)) return transport.thrownFailure(error);
  const { status, retryAfter, date } = error;
  const retryAfterMs = transport.retryAfterMs({ retryAfter, date, nowMs: Date.now() });
  return transport.statusFailure(status, retryAfterMs);
}
