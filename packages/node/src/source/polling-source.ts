import {
  type ConfigurationOrigin,
  type ConfigurationSource,
  explainedOn,
  integer,
  OptionError,
  type ReadersOf,
  readOptions,
  requireMethods,
} from "@sortition/core/internal";
import type { Pacing } from "./backoff.js";
import { originSource } from "./origin-source.js";

/** Intervals of a {@link pollingSource}. */
export interface PollingSourceOptions {
  /**
   * Time between two attempts, 100 to 86,400,000 ms; `null`: only on `refresh`. Default: 30,000.
   */
  readonly pollIntervalMs?: number | null | undefined;
  /**
   * Spread around the interval, from 0 to half of it. Default: a sixth of the interval, at most
   * 5,000 ms.
   */
  readonly pollJitterMs?: number | undefined;
}

const MAX_INTERVAL_MS = 86_400_000;
const DEFAULT_INTERVAL_MS = 30_000;
const DEFAULT_JITTER_MS = 5_000;

interface ReadPolling {
  readonly pollIntervalMs: number | null;
  readonly pollJitterMs: number | undefined;
}

export function pollingReaders(): ReadersOf<ReadPolling> {
  return {
    pollIntervalMs: (path, value) => {
      if (value === null) return null;
      if (value === 0 || value === false || value === Number.POSITIVE_INFINITY) {
        throw new OptionError(path, `got ${value}: write null to disable polling`);
      }
      return integer(100, MAX_INTERVAL_MS, DEFAULT_INTERVAL_MS)(path, value);
    },
    pollJitterMs: integer(0, MAX_INTERVAL_MS / 2, undefined),
  };
}

/**
 * Creates a source that polls an origin. Clients that are given the same source share one run: the
 * first subscription starts it, and the end of the last one stops it.
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function pollingSource(
  origin: ConfigurationOrigin,
  options: PollingSourceOptions = {},
): ConfigurationSource {
  requireOrigin(origin);
  return originSource(origin, { kind: "polling", pacing: pacingOf(options) });
}

/** @throws OptionError if it is not an origin, such as the options of one. */
function requireOrigin(origin: ConfigurationOrigin): void {
  const { apiKey, subscribe } = Object(origin) as Readonly<Record<string, unknown>>;
  if (apiKey !== undefined || typeof origin === "string") {
    throw new OptionError("origin", "write pollingSource(httpOrigin({ apiKey, … }))");
  }
  if (typeof subscribe === "function") {
    throw new OptionError("origin", "is a source: pass it to the client as source");
  }
  requireMethods("origin", origin ?? null, ["fetchOnce"], ", such as httpOrigin({ apiKey })");
}

/**
 * Returns the intervals from the options, or `null` if attempts are made only on request.
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function pacingOf(options: PollingSourceOptions): Pacing | null {
  const { pollIntervalMs: intervalMs, pollJitterMs } = readOptions(
    pollingReaders(),
    options,
    undefined,
    explainedOn("/reference/client.md"),
  );
  const usedIntervalMs = intervalMs ?? DEFAULT_INTERVAL_MS;
  const usualMs = Math.min(DEFAULT_JITTER_MS, usedIntervalMs / 6);
  const readJitter = integer(0, Math.floor(usedIntervalMs / 2), usualMs);
  const jitterMs = readJitter("pollJitterMs", pollJitterMs);
  return intervalMs === null ? null : { intervalMs, jitterMs };
}
