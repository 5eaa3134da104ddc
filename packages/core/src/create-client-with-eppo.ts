import type { Client } from "./client/client.js";
import type { ClientOptions } from "./client/options.js";
import { createClient as createDialectClient } from "./create-client.js";
import type { EvaluationDetails } from "./eppo/evaluation-details.js";
import { eppo } from "./eppo/factory.js";
import { OptionError } from "./errors/errors.js";
import type { Dialect, DialectAddresses } from "./model/dialect.js";

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
  let dialect: DialectAddresses =
    options.dialect ?? source?.dialect ?? initialConfiguration?.dialect ?? eppo();
  if (dialect === source?.dialect && !("compile" in dialect)) {
    const { name } = dialect;
    if (name !== "eppo") {
      throw new OptionError(
        "dialect",
        `is missing: the source has the addresses of ${name} alone, so give dialect: ${name}()`,
      );
    }
    dialect = eppo();
  }
  return createDialectClient({ ...options, dialect: dialect as Dialect<Details, Extras> });
}
