import { type ConfigurationOrigin, createClock } from "@sortition/core/internal";
import {
  connectionOf,
  httpOrigin,
  streamConnectionOf,
  streamedOrigin,
} from "@sortition/node/internal";
import { ADDRESSES } from "../dialect/addresses.js";
import { checkedOptions, type GrowthbookOriginOptions } from "./options.js";
import { streamPlan } from "./stream-plan.js";

/** Number of intervals until a refused stream is tried again. */
const REFUSED_INTERVALS = 10;
const DEFAULT_INTERVAL_MS = 30_000;

/**
 * Creates an origin for GrowthBook's API. It requests the payload of an SDK connection and, with `streaming`, follows
 * its stream of changes. Encrypted payloads are not decrypted here, but by the client's dialect
 * (`growthbook({ decryptionKey })`).
 *
 * @throws OptionError for an unknown option or an invalid value.
 */
export function growthbookOrigin(options: GrowthbookOriginOptions): ConfigurationOrigin {
  return createOrigin(options, DEFAULT_INTERVAL_MS);
}

/**
 * Creates an origin for a source.
 *
 * @param intervalMs - time between two attempts of the source.
 */
export function createOrigin(
  options: GrowthbookOriginOptions,
  intervalMs: number,
): ConfigurationOrigin {
  const { apiHost, clientKey, streaming, streamUrl } = checkedOptions(options);
  let isOffered = false;
  const origin = httpOrigin(
    {
      dialect: ADDRESSES,
      apiKey: clientKey,
      baseUrl: apiHost,
      ...connectionOf(options),
      offersStream: (header, held) => {
        const support = header("x-sse-support");
        // A cache in front of the API may omit the header in a 304.
        const isKept = support === null && held !== null && (isOffered || held.hasStream === true);
        isOffered = isKept || support === "enabled";
        return isOffered;
      },
    },
    "apiHost",
    "does clientKey belong to the right SDK connection?",
  );
  if (!streaming) return origin;
  const stream = { url: streamUrl, ...streamConnectionOf(options) };
  const refusedMs = REFUSED_INTERVALS * intervalMs;
  const plan = { clock: createClock(options.clock), isOffered: () => isOffered, refusedMs, stream };
  return streamedOrigin(origin, streamPlan(plan));
}
