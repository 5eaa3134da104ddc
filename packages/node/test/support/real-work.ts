import { setImmediate as nextTurn } from "node:timers/promises";
import type { ConfigurationOrigin, ConfigurationSource } from "@sortition/core/source";

/**
 * Real work under a fake clock: attempts go to a real server and payloads are really loaded, and no
 * time passes until that is done.
 */
export interface RealWork {
  /** Resolves when nothing is in progress. For the `settle` of a fake clock. */
  settle(): Promise<void>;
  /** The same origin, with its attempts known here. */
  watchOrigin(origin: ConfigurationOrigin): ConfigurationOrigin;
  /** The same source, with its offers and what it digests known here. */
  watchSource(source: ConfigurationSource): ConfigurationSource;
}

/** Starts with nothing in progress. */
export function watchRealWork(): RealWork {
  const inProgress = new Set<Promise<unknown>>();
  const watch = <T>(work: Promise<T>): Promise<T> => {
    inProgress.add(work);
    const done = (): void => void inProgress.delete(work);
    work.then(done, done);
    return work;
  };
  return {
    async settle() {
      while (inProgress.size > 0) {
        await Promise.allSettled(inProgress);
        await nextTurn();
      }
    },
    watchOrigin: (origin) => ({
      ...origin,
      fetchOnce: (current, options) => watch(origin.fetchOnce(current, options)),
    }),
    watchSource: (source) => ({
      ...source,
      subscribe: (sink, context) =>
        source.subscribe(
          { ...sink, offer: (payloads) => watch(sink.offer(payloads)) },
          { ...context, digest: (...chunks) => watch(context.digest(...chunks)) },
        ),
    }),
  };
}
