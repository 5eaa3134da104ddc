import type { ConfigurationOrigin } from "@sortition/core/internal";
import { connectionOf, httpOrigin } from "@sortition/node/internal";
import { addressesOf } from "../dialect/addresses.js";
import { checkedOptions, type PosthogOriginOptions } from "./options.js";

/**
 * Creates an origin for PostHog's server. It fetches the flag definitions for local evaluation, including cohorts and
 * group types.
 *
 * @throws OptionError for an unknown option or an invalid value.
 */
export function posthogOrigin(options: PosthogOriginOptions): ConfigurationOrigin {
  const { host, projectApiKey, secretKey } = checkedOptions(options);
  return httpOrigin(
    {
      dialect: addressesOf(projectApiKey, host),
      apiKey: secretKey,
      baseUrl: host,
      ...connectionOf(options),
      isUsable: (status: number) => status === 200, // as in the vendor's SDK
    },
    options.host === undefined ? null : "host",
    "may secretKey read the flag definitions of this project?",
  );
}
