import type { ConfigurationSource } from "@sortition/core/internal";
import { pollingReaders, vendorSource } from "@sortition/node/internal";
import { RELEASE } from "../version.js";
import { createOrigin } from "./growthbook-origin.js";
import { checkedOptions, type GrowthbookSourceOptions } from "./options.js";

/** Assumed for a source that polls only on request. */
const USUAL_INTERVAL_MS = 30_000;

/**
 * Creates a source of GrowthBook's payloads for a native client. With `streaming`, changes are served as soon as
 * GrowthBook sends them, and nothing is requested while the stream is open. Without it, and while the stream is down,
 * the payload is polled.
 *
 * ```ts
 * const client = createClient({
 *   dialect: growthbook(),
 *   source: growthbookSource({ clientKey: "sdk-abc123", streaming: true }),
 * });
 * ```
 *
 * @throws OptionError for an unknown option or an invalid value.
 */
export function growthbookSource(options: GrowthbookSourceOptions): ConfigurationSource {
  checkedOptions(options, pollingReaders());
  const intervalMs = options.pollIntervalMs ?? USUAL_INTERVAL_MS;
  return vendorSource(options, RELEASE, (others) => createOrigin(others, intervalMs));
}
