import type { ConfigurationSource } from "@sortition/core/internal";
import { pollingReaders, vendorSource } from "@sortition/node/internal";
import { RELEASE } from "../version.js";
import { datadogOrigin } from "./datadog-origin.js";
import { checkedOptions, type DatadogSourceOptions } from "./options.js";

/**
 * Creates a source that polls Datadog's flags for a client. Datadog's server has no stream.
 *
 * ```ts
 * const client = createClient({
 *   dialect: datadog(),
 *   source: datadogSource({ apiKey: "…", env: "production", site: "datadoghq.eu" }),
 * });
 * ```
 *
 * @throws OptionError for an unknown or invalid option.
 */
export function datadogSource(options: DatadogSourceOptions): ConfigurationSource {
  checkedOptions(options, pollingReaders());
  return vendorSource(options, RELEASE, datadogOrigin);
}
