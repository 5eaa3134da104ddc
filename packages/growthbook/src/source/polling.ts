import { createClock, type Failure, MAX_DELAY_MS } from "@sortition/core/internal";
import type { Pacer } from "@sortition/node/internal";
import { HttpError } from "./reply.js";

type Transport = typeof import("@sortition/node/internal");

const MAX_JITTER_MS = 5_000;

/** Whether a timer can have this interval. Others would fire at once. */
export function isInterval(value: number): boolean {
  return Number.isFinite(value) && value >= 1 && value <= MAX_DELAY_MS;
}

/**
 * Starts a run of polls, without end and with the first one later.
 *
 * @param poll - resolves to `null`, or to why it failed.
 * @returns ends the run.
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
  // Loaded with the first run: it reaches undici's types and the streams.
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
