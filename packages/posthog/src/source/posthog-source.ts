import type { ConfigurationSource } from "@sortition/core/kit";
import { pollingSource } from "@sortition/node/kit";
import type { PosthogSourceOptions } from "./options.js";
import { posthogOrigin } from "./posthog-origin.js";

/**
 * Creates a source of PostHog's flag definitions for a native client. They are polled: PostHog's server has no stream.
 *
 * ```ts
 * const client = createClient({
 *   dialect: posthog(),
 *   source: posthogSource({ projectApiKey: "phc_abc", secretKey: "phs_def" }),
 * });
 * ```
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function posthogSource(options: PosthogSourceOptions): ConfigurationSource {
  const { pollIntervalMs, pollJitterMs, ...others } = options;
  return pollingSource(posthogOrigin(others), { pollIntervalMs, pollJitterMs });
}
