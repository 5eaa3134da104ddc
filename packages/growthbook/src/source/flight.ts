import { createClock, within } from "@sortition/core/internal";
import { destroyed, type FetchResponse, timedOut } from "./fetch-response.js";
import type { PayloadUser } from "./user.js";

/** A request for a payload. It continues when no caller waits for it any longer, because it fills the cache. */
export class Flight {
  readonly outcome: Promise<FetchResponse>;
  readonly #controller = new AbortController();
  /**
   * Waiting instances, with a controller for each wait. Many listeners on a single signal would make Node.js warn about
   * a leak.
   */
  readonly #waiting = new Map<PayloadUser, AbortController[]>();

  /** @param send - never rejects. */
  constructor(send: (signal: AbortSignal) => Promise<FetchResponse>) {
    this.outcome = send(this.#controller.signal);
  }

  /**
   * Returns the outcome to an instance, and keeps Node.js alive until then. Without a timeout, it waits until the
   * request ends.
   */
  async join(user: PayloadUser, timeoutMs: number | undefined): Promise<FetchResponse> {
    const leaving = new AbortController();
    this.#waiting.set(user, [...(this.#waiting.get(user) ?? []), leaving]);
    const { signal } = leaving;
    const waitMs = timeoutMs || Number.POSITIVE_INFINITY;
    const limit = { clock: createClock(), timeoutMs: waitMs, signal, holdsProcess: true };
    const waited = await within(limit, () => this.outcome);
    if (waited.kind === "late") return signal.aborted ? destroyed() : timedOut();
    return this.outcome;
  }

  /** Ends the waits of an instance. */
  leave(user: PayloadUser): void {
    for (const leaving of this.#waiting.get(user) ?? []) leaving.abort();
    this.#waiting.delete(user);
  }

  /** Ends the request, unless an instance is waiting for it. */
  abandon(): void {
    if (this.#waiting.size === 0) this.#controller.abort();
  }
}
