import {
  type ConfigurationOrigin,
  type ConfigurationSource,
  integerOption,
  rejectUnknownOptions,
} from "@sortition/core/internal";
import type { Pacing } from "./backoff.js";
import { originSource } from "./origin-source.js";

/** Intervals of a {@link pollingSource}. */
export interface PollingSourceOptions {
  /** Ms between two attempts, 100 … 86 400 000. Default: 30 000. `null`: only on `refresh`. */
  readonly pollIntervalMs?: number | null | undefined;
  /** Spread around the interval, 0 … half of it. Default: a sixth of it, at most 5 000. */
  readonly pollJitterMs?: number | undefined;
}

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
  return originSource(origin, { kind: "polling", pacing: pacingOf(options) });
}

/**
 * Intervals as options give them; `null`: attempts are made on request only.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function pacingOf(options: PollingSourceOptions): Pacing | null {
  rejectUnknownOptions(options, POLLING_OPTION_NAMES);
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
