import type { ConfigurationOrigin, Payload } from "@sortition/core/internal";
import {
  connectionOf,
  HttpTransport,
  httpOrigin,
  scopeOf,
  streamConnectionOf,
} from "@sortition/node/internal";
import { addressesOf } from "../dialect/addresses.js";
import { Attempts, flagsOf } from "./attempt.js";
import { CohortAttempts, MAX_DOWNLOADS } from "./cohort-attempt.js";
import { LIBRARY, openStream, STREAM_PATH } from "./open-stream.js";
import { type AmplitudeOriginOptions, checkedOptions } from "./options.js";
import { reopenPause } from "./reopen-pause.js";
import { streamedFlags } from "./stream-plan.js";

/** Default deadline for the request for flags. Cohorts may take the rest of `requestTimeoutMs`. */
const FLAGS_TIMEOUT_MS = 5_000;
/** Time until the flags are also requested while a stream is being opened, however long that may take. */
const STREAM_WAIT_MS = 1_500;
/** A refused stream is retried after this many intervals. */
const REFUSED_INTERVALS = 10;
const DEFAULT_INTERVAL_MS = 30_000;

/**
 * Creates an origin for Amplitude's servers. One attempt fetches the flags and, at most four at a
 * time, the cohorts that they refer to: new cohorts immediately, known ones every minute. Each
 * cohort is an optional part of the configuration. A failed download delays nothing: the previous
 * members are kept, and the next attempt retries it. With `streamUpdates`, attempts use the
 * stream's flags while it is up.
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function amplitudeOrigin(options: AmplitudeOriginOptions): ConfigurationOrigin {
  return createOrigin(options);
}

/** @param intervalMs - interval between two attempts of the source. */
export function createOrigin(
  options: AmplitudeOriginOptions,
  intervalMs: number = DEFAULT_INTERVAL_MS,
): ConfigurationOrigin {
  const checked = checkedOptions(options);
  const { clock, cohortSync, headers, maxBodyBytes, requestTimeoutMs, serverUrl, stream } = checked;
  const { deploymentKey, dispatcher, proxy, serverZone } = options;
  const dialect = addressesOf(serverZone);
  const flags = httpOrigin(
    {
      dialect,
      apiKey: deploymentKey,
      baseUrl: serverUrl,
      ...connectionOf(options),
      requestTimeoutMs,
      maxBodyBytes,
      isUsable: (status: number) => status === 200, // as in the vendor's SDK
    },
    options.serverUrl === undefined ? null : "serverUrl",
    "is deploymentKey a server-side key?",
  );
  const transport = new HttpTransport({ connections: MAX_DOWNLOADS, dispatcher, proxy });
  const cohorts =
    cohortSync === null
      ? null
      : new CohortAttempts({ ...cohortSync, headers, transport, maxBodyBytes, clock });
  const flagsTimeoutMs = options.requestTimeoutMs ?? FLAGS_TIMEOUT_MS;
  const attempts = new Attempts({
    ...{ flags, cohorts, clock, flagsTimeoutMs },
    timeoutMs: requestTimeoutMs,
  });
  const origin: ConfigurationOrigin = {
    dialect,
    requestTimeoutMs,
    get lateHint() {
      return flags.lateHint;
    },
    get scope() {
      return scopeOf(flags.scope, cohortSync === null ? "" : cohortSync.url);
    },
    fetchOnce: (current, { signal }) => attempts.fetchOnce(current, signal),
    release() {
      flags.release?.();
      transport.release();
    },
  };
  if (stream === null) return origin;
  const { timeoutMs } = stream;
  const url = new URL(`${stream.url}${STREAM_PATH}`);
  const call = {
    ...streamConnectionOf(options),
    maxEventBytes: maxBodyBytes,
    url,
    headers: { ...headers, ...LIBRARY, authorization: `Api-Key ${deploymentKey}` },
    timeoutMs,
  };
  return streamedFlags(origin, {
    server: url.origin,
    readyMs: timeoutMs,
    waitMs: STREAM_WAIT_MS,
    now: clock.now,
    open: (link) => openStream(link, call),
    // Sets from the stream or from a request always contain flags.
    complete: (payloads, held, signal) =>
      attempts.complete(flagsOf(payloads) as Payload, held, signal),
    reopenMs: reopenPause(clock, REFUSED_INTERVALS * intervalMs),
  });
}
