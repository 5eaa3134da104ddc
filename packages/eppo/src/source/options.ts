import {
  DOCUMENTATION_URL,
  explainedOn,
  type OptionHints,
  type Readers,
  readApiKey,
  readOptions,
} from "@sortition/core/internal";
import {
  type HttpOriginOptions,
  originReaders,
  type PollingSourceOptions,
} from "@sortition/node/internal";

/** Options of `eppoOrigin`. */
export type EppoOriginOptions = Omit<HttpOriginOptions, "dialect">;

/** Options of `eppoSource`. */
export interface EppoSourceOptions extends EppoOriginOptions, PollingSourceOptions {}

/** Hints for options of other vendors' sources. */
const NO_STREAM: OptionHints = {
  page: `${DOCUMENTATION_URL}/guides/production.md#stream-changes`,
  names: { streaming: "Eppo's server has no stream, so flags and bandits are polled" },
};

const READERS = () => originReaders(readApiKey) satisfies Readers<EppoOriginOptions>;

/**
 * Checks the options.
 *
 * @param others - readers of the options that only a source has.
 * @throws OptionError for the first problem, with the others.
 */
export function checkOptions(options: EppoOriginOptions, others: Readers<object> = {}): void {
  const explained = explainedOn("/vendors/eppo.md");
  readOptions({ ...READERS(), ...others }, options, undefined, (name) =>
    name === "streaming" ? NO_STREAM : explained(),
  );
}
