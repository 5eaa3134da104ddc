import type { ConfigurationSource } from "@sortition/core/kit";
import { pollingSource } from "@sortition/node/kit";
import { eppoOrigin } from "./eppo-origin.js";
import type { EppoSourceOptions } from "./options.js";

/**
 * Creates a source of Eppo's flags and bandits for a client. They are polled: Eppo's server has no stream.
 *
 * ```ts
 * const client = createClient({ source: eppoSource({ apiKey: "…" }) });
 * ```
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function eppoSource(options: EppoSourceOptions): ConfigurationSource {
  const { pollIntervalMs, pollJitterMs, ...others } = options;
  return pollingSource(eppoOrigin(others), { pollIntervalMs, pollJitterMs });
}
