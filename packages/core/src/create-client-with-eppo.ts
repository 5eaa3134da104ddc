import type { Client } from "./client/client.js";
import type { ClientOptions } from "./client/options.js";
import { createClient as createDialectClient } from "./create-client.js";
import { eppo } from "./eppo/dialect.js";
import type { EvaluationDetails } from "./eppo/flags/evaluation-details.js";
import type { Dialect } from "./model/dialect.js";

/**
 * Creates a client. It returns at once, and starts its source, if it has one.
 *
 * @throws OptionError if an option is unknown or has a bad value; nothing has been started then.
 */
export function createClient<Details extends object = EvaluationDetails, Extras = unknown>(
  options: ClientOptions<Details, Extras> = {},
): Client<Details, Extras> {
  const { initialConfiguration, source } = options;
  // Defaults to `eppo()`, which matches the default of `Details`.
  const dialect = (options.dialect ??
    source?.dialect ??
    initialConfiguration?.dialect ??
    eppo()) as Dialect<Details, Extras>;
  return createDialectClient({ ...options, dialect });
}
