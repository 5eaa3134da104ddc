import { type EvaluationDetails, eppo } from "../src/eppo.js";
import {
  type Client,
  type ClientOptions,
  createClient as createDialectClient,
  type Dialect,
  Configuration as DialectConfiguration,
  type DialectConfigurationInput,
  type PayloadContent,
} from "../src/index.js";

/** A configuration in Eppo's format. */
interface EppoInput {
  readonly flagsConfiguration: PayloadContent;
  readonly banditsConfiguration?: PayloadContent | undefined;
  readonly fetchedAtMs?: number | undefined;
}

export type Configuration = DialectConfiguration;

/** Options for test configurations. The default dialect is Eppo's, as in `@sortition/node`. */
export const Configuration: {
  from(input: EppoInput | DialectConfigurationInput): Configuration;
  load(input: EppoInput | DialectConfigurationInput): Promise<Configuration>;
} = {
  from: (input) => DialectConfiguration.from(withDialect(input)),
  load: (input) => DialectConfiguration.load(withDialect(input)),
};

/** Creates a client of Eppo's dialect, unless an option sets another one. */
export function createClient<Details extends object = EvaluationDetails, Extras = unknown>(
  options: ClientOptions<Details, Extras> = {},
): Client<Details, Extras> {
  const { initialConfiguration, source } = options;
  const dialect = options.dialect ?? source?.dialect ?? initialConfiguration?.dialect ?? eppo();
  return createDialectClient({ ...options, dialect: dialect as Dialect<Details, Extras> });
}

function withDialect(input: EppoInput | DialectConfigurationInput): DialectConfigurationInput {
  if ("dialect" in input) return input;
  const { banditsConfiguration: bandits, fetchedAtMs, flagsConfiguration: flags } = input;
  const payloads = bandits === undefined ? { flags } : { flags, bandits };
  return { dialect: eppo(), payloads, fetchedAtMs };
}
