import { createClock } from "../runtime/clock.js";
import {
  type AbortControllerLike,
  type AbortSignalLike,
  createAbortController,
} from "../runtime/host.js";

/** The part of a request's settings that is used here. */
export interface Abortable {
  readonly signal?: AbortSignalLike | null | undefined;
}

/** How answers are read. */
export interface AbortableFetchOptions<Response> {
  /** Resolves when the whole body has arrived. Called once per answer; the library may read it too. */
  readonly read: (response: Response) => Promise<unknown>;
  /** A body that takes longer is aborted. */
  readonly bodyTimeoutMs: number;
}

/** A `fetch` whose requests can all be aborted at once. */
export interface AbortableFetch<Input, Init extends Abortable, Response> {
  /** Starts a request. Resolves with the headers, as `fetch` does. */
  fetch(input: Input, init?: Init): Promise<Response>;
  /** Aborts all requests whose body has not ended; later requests run as usual. */
  abortAll(): void;
}

/**
 * Wraps `fetch` for a library that cannot cancel its requests and may not read the answers. A request
 * counts as running until its body has ended, so a server that hangs or drips its answer does not keep
 * the process alive after `close`.
 *
 * @param fetch - the real one; it is called with the same arguments and another signal.
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
      // If the input is a request object, its own signal counts.
      const outer = init?.signal ?? (input as Abortable | undefined)?.signal;
      const abort = (): void => controller.abort();
      if (outer?.aborted) abort();
      // Never removed: it must still reach the body, and the library creates a signal per request.
      outer?.addEventListener("abort", abort);
      running.add(controller);
      try {
        // `init` has all other members of Init; only the signal is replaced.
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
