import type { ConfigurationSource } from "@sortition/core/internal";
import { type PollingSourceOptions, pollingReaders, vendorSource } from "@sortition/node/internal";
import { RELEASE } from "../version.js";
import { createOrigin } from "./amplitude-origin.js";
import { type AmplitudeOriginOptions, checkedOptions } from "./options.js";

/** Options of {@link amplitudeSource}. */
export interface AmplitudeSourceOptions extends AmplitudeOriginOptions, PollingSourceOptions {}

/**
 * Creates a source of Amplitude's flags, with the cohorts that they refer to, for a native client.
 * With `streamUpdates`, changes to flags are served as soon as Amplitude sends them, and no flags
 * are requested while the stream is up. Without it, or while the stream is lost, flags are polled.
 *
 * ```ts
 * const client = createClient({
 *   dialect: amplitude(),
 *   source: amplitudeSource({ deploymentKey: "server-abc123", streamUpdates: true }),
 * });
 * ```
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function amplitudeSource(options: AmplitudeSourceOptions): ConfigurationSource {
  checkedOptions(options, pollingReaders());
  const intervalMs = options.pollIntervalMs ?? undefined;
  return vendorSource(options, RELEASE, (others) => createOrigin(others, intervalMs));
}
