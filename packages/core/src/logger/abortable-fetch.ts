import {
  type AbortControllerLike,
  type AbortSignalLike,
  createAbortController,
} from "../runtime/host.js";

/** What it needs of the settings of a request. */
interface Abortable {
  readonly signal?: AbortSignalLike | null | undefined;
}

/** A `fetch` whose requests can all be given up at once. */
export interface AbortableFetch<Input, Init extends Abortable, Response> {
  /** Starts a request. */
  fetch(input: Input, init?: Init): Promise<Response>;
  /** Ends what is running; later requests run as usual. */
  abortAll(): void;
}

/**
 * Makes the requests of a library that cannot cancel them cancellable, or a server that hangs would
 * keep the process alive after `close`.
 *
 * @param fetch - the real one; it is called with the same arguments and another signal.
 */
export function abortableFetch<Input, Init extends Abortable, Response>(
  fetch: (input: Input, init: Init) => Promise<Response>,
): AbortableFetch<Input, Init, Response> {
  const running = new Set<AbortControllerLike>();
  return {
    async fetch(input, init) {
      const controller = createAbortController();
      // Of a request that is an object, its own signal counts; it has the same form.
      const outer = init?.signal ?? (input as Abortable | undefined)?.signal;
      const abort = (): void => controller.abort();
      if (outer?.aborted) abort();
      // Never removed: it must still reach the body, and the library makes a signal for each request.
      outer?.addEventListener("abort", abort);
      running.add(controller);
      try {
        // Whatever else Init asks for is in it; only the signal is replaced.
        return await fetch(input, { ...init, signal: controller.signal } as Init);
      } finally {
        running.delete(controller);
      }
    },
    abortAll() {
      for (const controller of running) controller.abort();
    },
  };
}
