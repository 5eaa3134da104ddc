import {
  type Clock,
  type Diagnostics,
  messageOf,
  OptionError,
  within,
} from "@sortition/core/internal";

/** Context that the platform passes with a request, such as the `ctx` of a Worker. */
export interface RequestContext {
  /** Keeps the request alive until the promise has settled. Called as a method. */
  waitUntil?(promise: Promise<unknown>): unknown;
}

/** Work of one request that is not part of its response. */
export class RequestWork {
  readonly #context: RequestContext;
  readonly #diagnostics: Diagnostics;
  readonly #pending = new Set<Promise<unknown>>();

  /** @throws OptionError if `waitUntil` is not a function. */
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
    if (waitUntil === undefined) {
      rejectOtherArgument(context);
      this.#warnOfOtherObject();
    } else if (typeof waitUntil !== "function") {
      throw new OptionError(
        "waitUntil",
        `expected a function, got ${typeof waitUntil}: pass ctx itself`,
      );
    }
  }

  /** Whether the platform can be asked to keep the request alive. */
  get isKept(): boolean {
    return this.#context.waitUntil !== undefined;
  }

  /** Passes work that never rejects to the platform, and makes {@link settled} wait for it. */
  keep(work: Promise<unknown>): void {
    const kept = work.finally(() => this.#pending.delete(kept));
    this.#pending.add(kept);
    try {
      this.#context.waitUntil?.(kept);
    } catch (error) {
      // The work continues while the request lasts, as on a platform without `waitUntil`.
      const facts = { cause: "waitUntil threw", error };
      this.#diagnostics.warn(`waitUntil threw (${messageOf(error)}): await client.flush()`, facts);
    }
  }

  /** An empty object is a context without `waitUntil` on purpose. */
  #warnOfOtherObject(): void {
    const [name] = Object.keys(this.#context);
    if (name === undefined) return;
    const message = `forRequest(…) got an object with "${name}", but without waitUntil: pass ctx, or nothing if there is none`;
    this.#diagnostics.warn(message, { cause: "context without waitUntil" });
  }

  /** Waits for all work passed to {@link keep}, and work that it starts, at most this long. Never rejects. */
  async settled(clock: Clock, timeoutMs: number): Promise<void> {
    await within({ clock, timeoutMs, holdsProcess: true }, async (signal) => {
      while (this.#pending.size > 0 && !signal.aborted) await Promise.all(this.#pending);
    });
  }
}

/** Rejects other handler arguments that are easily mistaken for the context. */
function rejectOtherArgument(context: RequestContext): void {
  if (typeof context === "function") {
    throw new OptionError("context", "is a function: write forRequest(ctx), or { waitUntil }");
  }
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
