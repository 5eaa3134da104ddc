import { setImmediate as nextTurn } from "node:timers/promises";
import type { ConfigurationOrigin, ConfigurationSource } from "@sortition/core/internal";

/**
 * Tracks real work under a fake clock: requests to a real server and the loading of payloads. No
 * time passes until the work is done.
 */
export interface RealWork {
  /** Resolves when nothing is in progress. Used as the `settle` of a fake clock. */
  settle(): Promise<void>;
  /** Wraps an origin so that its attempts are tracked. */
  watchOrigin(origin: ConfigurationOrigin): ConfigurationOrigin;
  /** Wraps a source so that its offers and digests are tracked. */
  watchSource(source: ConfigurationSource): ConfigurationSource;
}

/** Creates a tracker without work in progress. */
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
