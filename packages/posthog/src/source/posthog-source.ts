import type { ConfigurationSource } from "@sortition/core/internal";
import { pollingReaders, vendorSource } from "@sortition/node/internal";
import { RELEASE } from "../version.js";
import { checkedOptions, type PosthogSourceOptions } from "./options.js";
import { posthogOrigin } from "./posthog-origin.js";

/**
 * Creates a source of PostHog's flag definitions for a native client. It polls, because PostHog's server has no stream.
 *
 * ```ts
 * const client = createClient({
 *   dialect: posthog(),
 *   source: posthogSource({ projectApiKey: "phc_abc", secretKey: "phs_def" }),
 * });
 * ```
 *
 * @throws OptionError for an unknown option or an invalid value.
 */
export function posthogSource(options: PosthogSourceOptions): ConfigurationSource {
  checkedOptions(options, pollingReaders());
  return vendorSource(options, RELEASE, posthogOrigin);
}
