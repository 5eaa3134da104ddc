import { type ConfigurationOrigin, createClock } from "@sortition/core/internal";
import {
  connectionOf,
  httpOrigin,
  streamConnectionOf,
  streamedOrigin,
} from "@sortition/node/internal";
import { launchdarklyAddresses } from "../dialect/addresses.js";
import { checkedOptions, type LaunchdarklyOriginOptions } from "./options.js";
import { streamPlan } from "./stream-plan.js";

/**
 * Creates an origin for LaunchDarkly's server. It follows the stream of an environment, or requests its flags and segments.
 *
 * @throws OptionError for an unknown option or an invalid value.
 */
export function launchdarklyOrigin(options: LaunchdarklyOriginOptions): ConfigurationOrigin {
  const { baseUri, sdkKey, streaming, streamUrl } = checkedOptions(options);
  const origin = httpOrigin(
    {
      dialect: launchdarklyAddresses(),
      apiKey: sdkKey,
      baseUrl: baseUri,
      ...connectionOf(options),
    },
    "baseUri",
    "is sdkKey the SDK key of an environment?",
  );
  if (!streaming) return origin;
  const headers = { ...options.headers, authorization: sdkKey };
  const stream = { ...streamConnectionOf(options), url: streamUrl, headers };
  return streamedOrigin(origin, streamPlan(stream, createClock(options.clock)));
}
