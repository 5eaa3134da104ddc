import type { FailedAttempt, Pacing } from "@sortition/node/transport";
import { HttpError } from "./reply.js";

/** Loaded with the first timer: it reaches undici's types and the streams. */
const loadTransport = (): Promise<typeof import("@sortition/node/transport")> =>
  import("@sortition/node/transport");

/** A sixth of the interval, at most 5 s. */
function pacingOf(intervalMs: number): Pacing {
  return { intervalMs, jitterMs: Math.min(5_000, intervalMs / 6) };
}

/** The longest delay of a timer. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Whether a timer can have this interval. Others would fire at once. */
export function isInterval(value: number): boolean {
  return Number.isFinite(value) && value >= 1 && value <= MAX_DELAY_MS;
}

/**
 * Looks again and again, at the pace of docs/spec/lifecycle.md §1.2: spread, with back-off after failures,
 * and without end. Looks never overlap, and no timer holds the process.
 */
export class PayloadPoller {
  readonly #pacing: Pacing;
  readonly #look: () => Promise<unknown>;
  #timer: NodeJS.Timeout | null = null;
  #failures = 0;
  #refusals = 0;
  #hasSucceeded = false;
  #isStopped = false;

  /** @param look - resolves to `null`, or to why it failed. */
  constructor(intervalMs: number, look: () => Promise<unknown>) {
    this.#pacing = pacingOf(intervalMs);
    this.#look = look;
    void this.#arm(null);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #arm(error: unknown): Promise<void> {
    const transport = await loadTransport();
    if (this.#isStopped) return;
    const delayMs = Math.min(MAX_DELAY_MS, Math.round(this.#delayMs(transport, error)));
    this.#timer = setTimeout(() => void this.#run(), delayMs);
    this.#timer.unref?.();
  }

  async #run(): Promise<void> {
    const error = await this.#look().catch((cause: unknown) => cause);
    if (!this.#isStopped) await this.#arm(error ?? null);
  }

  #delayMs(transport: typeof import("@sortition/node/transport"), error: unknown): number {
    if (error === null) {
      const delayOf = this.#hasSucceeded ? transport.steadyDelayMs : transport.firstDelayMs;
      this.#hasSucceeded = true;
      this.#failures = 0;
      this.#refusals = 0;
      return delayOf(this.#pacing, Math.random());
    }
    const failure = failureOf(transport, error);
    this.#failures += 1;
    if (failure.kind !== "transient") this.#refusals += 1;
    const attempt = {
      failure,
      failures: this.#failures,
      refusals: this.#refusals,
      isLoaded: true,
    };
    return transport.failureDelayMs(this.#pacing, attempt, Math.random());
  }
}

function failureOf(
  transport: typeof import("@sortition/node/transport"),
  error: unknown,
): FailedAttempt["failure"] {
  if (!(error instanceof HttpError)) return transport.thrownFailure(error);
  const { status, retryAfter, date } = error;
  return transport.statusFailure(
    status,
    transport.retryAfterMs({ retryAfter, date, nowMs: Date.now() }),
  );
}
