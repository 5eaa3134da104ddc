import type { ConfigurationSource, RefreshOutcome, SourceContext } from "@sortition/core/internal";
import { closedOutcome } from "./refresh.js";
import { untilAborted } from "./until-aborted.js";

/** A run shared by the clients of one source. */
export interface Run {
  start(): void;
  /**
   * Adds a client. Returns a function that removes it, and returns whether it was the last one.
   * Removing the last client ends the run.
   */
  add(...client: Parameters<ConfigurationSource["subscribe"]>): () => boolean;
  refresh(): Promise<RefreshOutcome>;
}

/**
 * Returns the members of a source whose clients share one run. The first subscription starts the
 * run, and the end of the last one stops it.
 */
export function sharedRun(
  create: (ports: SourceContext) => Run,
): Pick<ConfigurationSource, "subscribe" | "refresh"> {
  let running: Run | null = null;
  return {
    subscribe(sink, context) {
      const isFirst = running === null;
      const run = running ?? create(context);
      running = run;
      const remove = run.add(sink, context);
      if (isFirst) run.start();
      return {
        async end() {
          if (remove()) running = null;
        },
      };
    },
    async refresh({ signal }) {
      if (running === null) return closedOutcome();
      return untilAborted(running.refresh(), signal, closedOutcome);
    },
  };
}
