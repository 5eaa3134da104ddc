import { type ConfigurationOrigin, createClock } from "@sortition/core/internal";
import { httpOrigin, streamedOrigin } from "@sortition/node/internal";
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
  const { clock, dispatcher, headers, maxBodyBytes, proxy, requestTimeoutMs } = options;
  const origin = httpOrigin(
    {
      dialect: launchdarklyAddresses(),
      apiKey: sdkKey,
      baseUrl: baseUri,
      ...{ headers, requestTimeoutMs, maxBodyBytes, dispatcher, proxy, clock },
    },
    "baseUri",
    "is sdkKey the SDK key of an environment?",
  );
  if (!streaming) return origin;
  const maxEventBytes = maxBodyBytes; // an event contains the same data as a response body
  const connection = { maxEventBytes, dispatcher, proxy, clock };
  const withKey = { ...headers, authorization: sdkKey };
  const stream = { url: streamUrl, headers: withKey, ...connection };
  return streamedOrigin(origin, streamPlan(stream, createClock(clock)));
}
