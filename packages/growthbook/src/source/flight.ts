import { createClock, within } from "@sortition/core/internal";
import { destroyed, type FetchResponse, timedOut } from "./fetch-response.js";
import type { PayloadUser } from "./user.js";

/** A request for a payload. It goes on when no caller waits for it any more, since it fills the cache. */
export class Flight {
  readonly outcome: Promise<FetchResponse>;
  readonly #controller = new AbortController();
  /** Instances that wait, with what ends each of their waits: many on one signal would make Node warn of a leak. */
  readonly #waiting = new Map<PayloadUser, AbortController[]>();

  /** @param send - never rejects. */
  constructor(send: (signal: AbortSignal) => Promise<FetchResponse>) {
    this.outcome = send(this.#controller.signal);
  }

  /** The outcome for an instance, which holds the process while it waits. Without a time-out it waits to the end. */
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

  /** The instance waits no longer. */
  leave(user: PayloadUser): void {
    for (const leaving of this.#waiting.get(user) ?? []) leaving.abort();
    this.#waiting.delete(user);
  }

  /** Ends the request, unless someone waits for it. */
  abandon(): void {
    if (this.#waiting.size === 0) this.#controller.abort();
  }
}
