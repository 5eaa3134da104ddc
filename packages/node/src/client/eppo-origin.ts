import { eppo } from "@sortition/core/eppo";
import {
  type ConfigurationOrigin,
  type DialectAddresses,
  explainedOn,
  type Readers,
  readApiKey,
  readOptions,
  withMethods,
} from "@sortition/core/internal";
import { httpOrigin } from "../http/http-origin.js";
import { type HttpOriginOptions, originReaders } from "../http/origin-options.js";

const READERS = () =>
  ({
    ...originReaders(readApiKey),
    dialect: withMethods<DialectAddresses>("growthbook()", "defaultBaseUrl"),
  }) satisfies Readers<HttpOriginOptions>;

/**
 * Creates an origin for a vendor's server, Eppo's by default. It requests the dialect's endpoints
 * in order and sends the etags of the payloads that the caller already has. All requests of an
 * attempt share one deadline.
 *
 * @throws OptionError if an option is unknown or invalid.
 * @see docs/spec/lifecycle.md §1.1 and §1.3
 */
export function eppoHttpOrigin(options: HttpOriginOptions): ConfigurationOrigin {
  const { dialect = eppo() } = readOptions(
    READERS(),
    options,
    undefined,
    explainedOn("/reference/client.md"),
  );
  return httpOrigin({ ...options, dialect });
}
