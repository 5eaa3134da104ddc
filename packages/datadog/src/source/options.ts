import {
  explainedOn,
  OptionError,
  type Readers,
  readApiKey,
  readOptions,
} from "@sortition/core/internal";
import {
  type HttpOriginOptions,
  originReaders,
  type PollingSourceOptions,
} from "@sortition/node/internal";
import { readEnvironment, readSite } from "../dialect/sites.js";

/** Options of `datadogOrigin`. */
export interface DatadogOriginOptions extends Omit<HttpOriginOptions, "dialect"> {
  /** Name of the environment, sent as `dd_env`. */
  readonly env: string;
  /** Datadog site of the organisation, e.g. `us5.datadoghq.com` or `datadoghq.eu`. Default: `datadoghq.com`. */
  readonly site?: string | undefined;
}

/** Options of `datadogSource`. */
export interface DatadogSourceOptions extends DatadogOriginOptions, PollingSourceOptions {}

const READERS = () =>
  ({
    ...originReaders(readKey),
    env: readEnvironment,
    site: readSite,
  }) satisfies Readers<DatadogOriginOptions>;

/**
 * Reads the options.
 *
 * @param others - readers of the options that only a source has.
 * @throws OptionError for the first problem, with the others.
 */
export function checkedOptions(
  options: DatadogOriginOptions,
  others: Readers<object> = {},
): { readonly env: string; readonly site: string } {
  return readOptions(
    { ...READERS(), ...others },
    options,
    undefined,
    explainedOn("/vendors/datadog.md"),
  );
}

/** @throws OptionError for a client token, which is meant for browsers. */
function readKey(path: string, value: unknown): string {
  const key = readApiKey(path, value);
  if (!/^pub[0-9a-f]{32}$/i.test(key)) return key;
  throw new OptionError(path, "this is a client token for browsers; expected an API key");
}
