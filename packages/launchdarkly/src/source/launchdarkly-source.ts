import { type ConfigurationSource, markRelease } from "@sortition/core/internal";
import { pollingReaders, pollingSource, streamingSource } from "@sortition/node/internal";
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
  const { streaming } = checkedOptions(options, pollingReaders());
  const { pollIntervalMs, pollJitterMs, ...others } = options;
  const origin = launchdarklyOrigin(others);
  const intervals = { pollIntervalMs, pollJitterMs };
  const source = streaming ? streamingSource(origin, intervals) : pollingSource(origin, intervals);
  return markRelease(source, RELEASE);
}
