import type { ConfigurationOrigin, ConfigurationSource } from "@sortition/core/source";
import type { Pacing } from "./backoff.js";
import { OriginRun } from "./origin-run.js";
import { abandonable, closedOutcome } from "./refresh.js";

export interface OriginSourceOptions {
  /** `streaming`: the stream of the origin is followed. */
  readonly kind: "polling" | "streaming";
  /** `null`: attempts are made on request only. */
  readonly pacing: Pacing | null;
}

/**
 * A source that asks an origin. Clients that are given the same source share one run: the first subscription
 * starts it, the end of the last one stops it.
 */
export function originSource(
  origin: ConfigurationOrigin,
  { kind, pacing }: OriginSourceOptions,
): ConfigurationSource {
  const follows = kind === "streaming";
  let running: OriginRun | null = null;
  return {
    kind,
    intervalMs: pacing?.intervalMs ?? null,
    dialect: origin.dialect,
    scope: origin.scope,
    requestTimeoutMs: origin.requestTimeoutMs,

    get stream() {
      return follows ? origin.stream : undefined;
    },

    subscribe(sink, context) {
      const isFirst = running === null;
      const run = running ?? new OriginRun({ origin, pacing, follows, ports: context });
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
      return running === null ? closedOutcome() : abandonable(running.refresh(), signal);
    },
  };
}
