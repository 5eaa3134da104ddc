import { type ConfigurationSource, markRelease } from "@sortition/core/internal";
import { pollingSource, streamingSource } from "@sortition/node/internal";
import { RELEASE } from "../version.js";
import { createOrigin } from "./growthbook-origin.js";
import type { GrowthbookSourceOptions } from "./options.js";

/** Of a source that polls only on request. */
const USUAL_INTERVAL_MS = 30_000;

/**
 * Creates a source of GrowthBook's payloads for a native client. With `streaming` a change is served when GrowthBook sends it,
 * and nothing is requested while the stream is up; otherwise, and while it is lost, the payload is polled.
 *
 * ```ts
 * const client = createClient({
 *   dialect: growthbook(),
 *   source: growthbookSource({ clientKey: "sdk-abc123", streaming: true }),
 * });
 * ```
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function growthbookSource(options: GrowthbookSourceOptions): ConfigurationSource {
  const { pollIntervalMs, pollJitterMs, ...others } = options;
  const intervals = { pollIntervalMs, pollJitterMs };
  const origin = createOrigin(others, pollIntervalMs ?? USUAL_INTERVAL_MS);
  const source =
    others.streaming === true
      ? streamingSource(origin, intervals)
      : pollingSource(origin, intervals);
  return markRelease(source, RELEASE);
}
