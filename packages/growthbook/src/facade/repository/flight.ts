import { cacheSettings } from "./cache-settings.js";
import type { FetchResponse } from "./connection.js";
import type { PayloadUser } from "./user.js";

/** Message of a request that was ended because nobody waited for it. */
export const ABANDONED = "The request was aborted";

/** Someone who waits for a request. */
interface Waiter {
  /** Resolves when they do not wait any longer. */
  readonly gone: Promise<FetchResponse>;
  leave(): void;
}

/**
 * A request for a payload, with its deadline. It goes on when nobody waits for it any more, since it fills the
 * cache; from then on it does not hold the process.
 */
export class Flight {
  readonly outcome: Promise<FetchResponse>;
  readonly #controller = new AbortController();
  readonly #deadline: NodeJS.Timeout;
  readonly #waiting = new Map<PayloadUser, Waiter>();

  /** @param send - never rejects. */
  constructor(send: (signal: AbortSignal) => Promise<FetchResponse>) {
    this.#deadline = setTimeout(
      () => this.#end(new Error("The request timed out")),
      cacheSettings.requestTimeout,
    );
    this.#deadline.unref?.();
    this.outcome = send(this.#controller.signal).finally(() => clearTimeout(this.#deadline));
  }

  /** The outcome for an instance, which holds the process while it waits. */
  join(user: PayloadUser): Promise<FetchResponse> {
    this.#deadline.ref?.();
    const waiter = this.#waiting.get(user) ?? createWaiter();
    this.#waiting.set(user, waiter);
    return Promise.race([this.outcome, waiter.gone]);
  }

  /** The instance waits no longer. */
  leave(user: PayloadUser): void {
    this.#waiting.get(user)?.leave();
    this.#waiting.delete(user);
    if (this.#waiting.size === 0) this.#deadline.unref?.();
  }

  /** Ends the request, unless someone waits for it. */
  abandon(): void {
    if (this.#waiting.size === 0) this.#end(new Error(ABANDONED));
  }

  #end(reason: Error): void {
    this.#controller.abort(reason);
  }
}

function createWaiter(): Waiter {
  const error = new Error("The instance was destroyed");
  const outcome: FetchResponse = { data: null, success: false, source: "error", error };
  let leave = (): void => {};
  const gone = new Promise<FetchResponse>((resolve) => {
    leave = () => resolve(outcome);
  });
  return { gone, leave };
}
