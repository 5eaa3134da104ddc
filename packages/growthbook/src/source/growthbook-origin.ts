import { type ConfigurationOrigin, createClock } from "@sortition/core/internal";
import { httpOrigin, streamedOrigin } from "@sortition/node/internal";
import { ADDRESSES } from "../dialect/addresses.js";
import { checkedOptions, type GrowthbookOriginOptions } from "./options.js";
import { streamPlan } from "./stream-plan.js";

/** A stream that was refused is tried again after so many intervals. */
const REFUSED_INTERVALS = 10;
const DEFAULT_INTERVAL_MS = 30_000;

/**
 * Creates an origin for GrowthBook's API: the payload of an SDK connection and, with `streaming`, its stream of changes. An
 * encrypted payload stays so: the client's dialect has the key (`growthbook({ decryptionKey })`).
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function growthbookOrigin(options: GrowthbookOriginOptions): ConfigurationOrigin {
  return createOrigin(options, DEFAULT_INTERVAL_MS);
}

/** @param intervalMs - between two attempts of the source. */
export function createOrigin(
  options: GrowthbookOriginOptions,
  intervalMs: number,
): ConfigurationOrigin {
  const { apiHost, clientKey, streaming, streamUrl } = checkedOptions(options);
  const { clock, dispatcher, headers, maxBodyBytes, proxy, requestTimeoutMs } = options;
  let isOffered = false;
  const origin = httpOrigin(
    {
      dialect: ADDRESSES,
      apiKey: clientKey,
      baseUrl: apiHost,
      headers,
      requestTimeoutMs,
      maxBodyBytes,
      dispatcher,
      proxy,
      clock,
      offersStream: (header, held) => {
        const support = header("x-sse-support");
        // A cache in front of the API may leave the header out of a 304.
        const isKept = support === null && held !== null && (isOffered || held.hasStream === true);
        isOffered = isKept || support === "enabled";
        return isOffered;
      },
    },
    "apiHost",
    "is clientKey that of the right SDK connection?",
  );
  if (!streaming) return origin;
  const maxEventBytes = maxBodyBytes; // an event has what the body of a request would have
  const stream = { url: streamUrl, headers, maxEventBytes, dispatcher, proxy, clock };
  const refusedMs = REFUSED_INTERVALS * intervalMs;
  const plan = { clock: createClock(clock), isOffered: () => isOffered, refusedMs, stream };
  return streamedOrigin(origin, streamPlan(plan));
}
