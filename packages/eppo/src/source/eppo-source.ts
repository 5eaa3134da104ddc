import type { ConfigurationSource } from "@sortition/core/internal";
import { pollingReaders, vendorSource } from "@sortition/node/internal";
import { RELEASE } from "../version.js";
import { eppoOrigin } from "./eppo-origin.js";
import { checkOptions, type EppoSourceOptions } from "./options.js";

/**
 * Creates a source of Eppo's flags and bandits for a client. They are polled, because Eppo's server
 * has no stream.
 *
 * ```ts
 * const client = createClient({ source: eppoSource({ apiKey: "…" }) });
 * ```
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function eppoSource(options: EppoSourceOptions): ConfigurationSource {
  checkOptions(options, pollingReaders());
  return vendorSource(options, RELEASE, eppoOrigin);
}
