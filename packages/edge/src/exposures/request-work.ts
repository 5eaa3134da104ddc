import { type Clock, type Diagnostics, messageOf, OptionError } from "@sortition/core/internal";

/** What a platform gives with a request, such as the `ctx` of a Worker. */
export interface RequestContext {
  /** Keeps the request alive until a promise has settled. Called as a method. */
  waitUntil?(promise: Promise<unknown>): unknown;
}

/** Work that one request does besides its answer. */
export class RequestWork {
  readonly #context: RequestContext;
  readonly #diagnostics: Diagnostics;
  readonly #pending = new Set<Promise<unknown>>();

  /** @throws OptionError if `waitUntil` is no function. */
  constructor(context: RequestContext, diagnostics: Diagnostics) {
    this.#context = context;
    this.#diagnostics = diagnostics;
    if ((typeof context !== "object" && typeof context !== "function") || context === null) {
      throw new OptionError(
        "context",
        "expected an object with waitUntil, such as ctx of a Worker: write forRequest(ctx)",
      );
    }
    const { waitUntil } = context;
    if (waitUntil === undefined) rejectOtherArgument(context);
    if (waitUntil !== undefined && typeof waitUntil !== "function") {
      throw new OptionError("waitUntil", `expected a function, got ${typeof waitUntil}`);
    }
  }

  /** Whether the platform is asked to keep the request alive. */
  get isKept(): boolean {
    return this.#context.waitUntil !== undefined;
  }

  /** Hands work that never rejects to the platform, and lets {@link settled} wait for it. */
  keep(work: Promise<unknown>): void {
    const kept = work.finally(() => this.#pending.delete(kept));
    this.#pending.add(kept);
    try {
      this.#context.waitUntil?.(kept);
    } catch (error) {
      // The work goes on, as on a platform without it, while the request lasts.
      const facts = { cause: "waitUntil threw", error };
      this.#diagnostics.warn(`waitUntil threw (${messageOf(error)}): await client.flush()`, facts);
    }
  }

  /** Waits for all work that was kept, and work that it causes, at most this long. Never rejects. */
  async settled(clock: Clock, timeoutMs: number): Promise<void> {
    let isOver = false;
    let cancel = (): void => {};
    const expired = new Promise<void>((resolve) => {
      const end = (): void => {
        isOver = true;
        resolve();
      };
      cancel = clock.setTimer(end, timeoutMs, { holdsProcess: true });
    });
    while (this.#pending.size > 0 && !isOver) {
      await Promise.race([Promise.all(this.#pending), expired]);
    }
    cancel();
  }
}

/** Other arguments of a handler, which are easily taken for the context. */
function rejectOtherArgument(context: RequestContext): void {
  if ("executionCtx" in context) {
    throw new OptionError("context", "is the context of Hono: write forRequest(c.executionCtx)");
  }
  if ("headers" in context && "url" in context) {
    throw new OptionError(
      "context",
      "is the request: pass the object that has waitUntil, such as forRequest(ctx) in a Worker",
    );
  }
}
