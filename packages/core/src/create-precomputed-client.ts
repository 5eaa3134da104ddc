import type { ClientOptions } from "./client/options.js";
import { PrecomputedClient } from "./client/precomputed-client.js";
import { flattened } from "./conditions/bandit-subject.js";
import { Configuration, type PayloadContent } from "./configuration.js";
import { createClient } from "./create-client.js";
import type { PrecomputedConfiguration } from "./eppo/precomputed/configuration.js";
import { PRECOMPUTED, precomputed } from "./eppo/precomputed/dialect.js";
import { DecodeError } from "./errors/errors.js";

/** Options of a client that looks answers up. All but the first are as for `createClient`. */
export interface PrecomputedClientOptions
  extends Pick<
    ClientOptions,
    | "assignmentLogger"
    | "deduplication"
    | "isGracefulMode"
    | "overrides"
    | "exposures"
    | "diagnostics"
    | "clock"
    | "signal"
  > {
  /** What `client.getPrecomputedConfiguration(…)` made: text or bytes. */
  readonly precomputedConfiguration: PayloadContent;
}

/**
 * Makes a client of answers that were made for one subject. It fetches nothing.
 *
 * @throws DecodeError if the answers cannot be used; OptionError for a bad option.
 */
export function createPrecomputedClient({
  precomputedConfiguration,
  ...options
}: PrecomputedClientOptions): PrecomputedClient {
  const dialect = precomputed();
  const initialConfiguration = load(precomputedConfiguration, dialect);
  const client = createClient({ ...options, dialect, initialConfiguration });
  const { subjectKey, subject } = initialConfiguration;
  return new PrecomputedClient(client, {
    key: subjectKey,
    attributes: subject,
    flatAttributes: flattened(subject),
  });
}

function load(
  content: PayloadContent,
  dialect: ReturnType<typeof precomputed>,
): PrecomputedConfiguration {
  try {
    const configuration = Configuration.from({ dialect, payloads: { [PRECOMPUTED]: content } });
    return configuration as PrecomputedConfiguration; // this dialect makes no other
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const part = "precomputedConfiguration";
    throw new DecodeError(error.path, error.problem, { cause: error.cause, part });
  }
}
