import type { ConfigurationSource } from "@sortition/core/internal";
import { pollingReaders, vendorSource } from "@sortition/node/internal";
import { RELEASE } from "../version.js";
import { launchdarklyOrigin } from "./launchdarkly-origin.js";
import { checkedOptions, type LaunchdarklySourceOptions } from "./options.js";

/**
 * Creates a source of LaunchDarkly's flags and segments for a client. Changes are received as a stream. With `streaming:
 * false`, and while the stream is down, they are polled.
 *
 * ```ts
 * const client = createClient({
 *   dialect: launchdarkly(),
 *   source: launchdarklySource({ sdkKey: "sdk-…" }),
 * });
 * ```
 *
 * @throws OptionError for an unknown option or an invalid value.
 */
export function launchdarklySource(options: LaunchdarklySourceOptions): ConfigurationSource {
  checkedOptions(options, pollingReaders());
  return vendorSource(options, RELEASE, launchdarklyOrigin);
}
