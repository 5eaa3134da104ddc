import type { ConfigurationSource } from "@sortition/core/internal";
import { type PollingSourceOptions, pollingReaders, vendorSource } from "@sortition/node/internal";
import { RELEASE } from "../version.js";
import { createOrigin } from "./amplitude-origin.js";
import { MIN_INTERVAL_MS } from "./cohort-options.js";
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
  const originOf = (others: AmplitudeOriginOptions) => createOrigin(others, intervalMs);
  return vendorSource(options, RELEASE, originOf, raisedInterval(options));
}

/** Returns the warning about an interval that is raised, as in the vendor's SDK, or `null`. */
function raisedInterval({ cohortSync }: AmplitudeSourceOptions): string | null {
  const { cohortPollingIntervalMs: givenMs = MIN_INTERVAL_MS } = cohortSync ?? {};
  if (givenMs >= MIN_INTERVAL_MS) return null;
  return `cohortSync.cohortPollingIntervalMs is ${givenMs}, so the minimum of 60000 is used: write 60_000 or more, in milliseconds`;
}
