import {
  type ConfigurationOrigin,
  type ConfigurationSource,
  integerOption,
  rejectUnknownOptions,
} from "@sortition/core/source";
import { OriginRun } from "../source/origin-run.js";
import { abandonable, closedOutcome } from "../source/refresh.js";
import type { Pacing } from "./backoff.js";

/** Intervals of a {@link pollingSource}. */
export interface PollingSourceOptions {
  /** Ms between two attempts, 100 … 86 400 000. Default: 30 000. `null`: only on `refresh`. */
  readonly pollIntervalMs?: number | null | undefined;
  /** Spread around the interval, 0 … half of it. Default: a sixth of it, at most 5 000. */
  readonly pollJitterMs?: number | undefined;
}

/** Names of all options of {@link pollingSource}. */
export const POLLING_OPTION_NAMES: readonly (keyof PollingSourceOptions)[] = [
  "pollIntervalMs",
  "pollJitterMs",
];

const DEFAULT_INTERVAL_MS = 30_000;
const DEFAULT_JITTER_MS = 5_000;

/**
 * A source that polls an origin. Clients that are given the same source share one run: the first
 * subscription starts it, the end of the last one stops it.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function pollingSource(
  origin: ConfigurationOrigin,
  options: PollingSourceOptions = {},
): ConfigurationSource {
  rejectUnknownOptions(options, POLLING_OPTION_NAMES);
  const pacing = pacingOf(options);
  let running: OriginRun | null = null;
  return {
    kind: "polling",
    intervalMs: pacing?.intervalMs ?? null,
    dialect: origin.dialect,
    scope: origin.scope,
    requestTimeoutMs: origin.requestTimeoutMs,

    subscribe(sink, context) {
      const isFirst = running === null;
      const run = running ?? new OriginRun({ origin, pacing, ports: context });
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

function pacingOf(options: PollingSourceOptions): Pacing | null {
  const { pollIntervalMs, pollJitterMs } = options;
  const intervalMs =
    pollIntervalMs === null
      ? null
      : integerOption(
          "pollIntervalMs",
          pollIntervalMs,
          { min: 100, max: 86_400_000 },
          DEFAULT_INTERVAL_MS,
        );
  const usedIntervalMs = intervalMs ?? DEFAULT_INTERVAL_MS;
  const jitterMs = integerOption(
    "pollJitterMs",
    pollJitterMs,
    { min: 0, max: Math.floor(usedIntervalMs / 2) },
    Math.min(DEFAULT_JITTER_MS, usedIntervalMs / 6),
  );
  return intervalMs === null ? null : { intervalMs, jitterMs };
}
