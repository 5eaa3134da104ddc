import { createClock } from "../runtime/clock.js";
import {
  type AbortControllerLike,
  type AbortSignalLike,
  createAbortController,
} from "../runtime/host.js";

/** The request setting that we use. */
export interface Abortable {
  readonly signal?: AbortSignalLike | null | undefined;
}

/** How responses are read. */
export interface AbortableFetchOptions<Response> {
  /** Resolves when the whole body was received. Called once per response. The library may read it, too. */
  readonly read: (response: Response) => Promise<unknown>;
  /** Maximum time to receive a body before it is aborted. */
  readonly bodyTimeoutMs: number;
}

/** A `fetch` whose requests can all be aborted at once. */
export interface AbortableFetch<Input, Init extends Abortable, Response> {
  /** Starts a request. Resolves when the headers are received, like `fetch`. */
  fetch(input: Input, init?: Init): Promise<Response>;
  /** Aborts all requests whose body has not ended. Later requests are not affected. */
  abortAll(): void;
}

/**
 * Wraps `fetch` for a library that cannot cancel its requests and may not read the responses. A request
 * is treated as running until its body has ended, so a server that hangs or responds slowly cannot keep
 * the process alive after `close`.
 *
 * @param fetch - the real `fetch`, which is called with the same arguments but another signal.
 */
export function abortableFetch<Input, Init extends Abortable, Response>(
  fetch: (input: Input, init: Init) => Promise<Response>,
  { read, bodyTimeoutMs }: AbortableFetchOptions<Response>,
): AbortableFetch<Input, Init, Response> {
  const running = new Set<AbortControllerLike>();
  const clock = createClock();

  const readBody = async (response: Response, controller: AbortControllerLike): Promise<void> => {
    const cancel = clock.setTimer(() => controller.abort(), bodyTimeoutMs, { holdsProcess: false });
    try {
      await read(response);
    } catch {
      // The library has the status, and reads the body itself if it needs it.
    } finally {
      cancel();
      running.delete(controller);
    }
  };

  return {
    async fetch(input, init) {
      const controller = createAbortController();
      // If the input is a request object, use its signal.
      const outer = init?.signal ?? (input as Abortable | undefined)?.signal;
      const abort = (): void => controller.abort();
      if (outer?.aborted) abort();
      // Never removed, because it must still abort the body. The library creates a signal per request.
      outer?.addEventListener("abort", abort);
      running.add(controller);
      try {
        // All members of Init except the signal are unchanged.
        const response = await fetch(input, { ...init, signal: controller.signal } as Init);
        void readBody(response, controller);
        return response;
      } catch (error) {
        running.delete(controller);
        throw error;
      }
    },
    abortAll() {
      for (const controller of running) controller.abort();
    },
  };
}
