import type { Diagnostics } from "@sortition/core";
import { integerOption } from "@sortition/core/source";
import type { PollingRules } from "../polling/polling.js";

/** What `EppoClient.setConfigurationRequestParameters` takes. */
export interface FlagConfigurationRequestParameters {
  apiKey: string;
  /** Ignored: requests name this library. */
  sdkVersion: string;
  /** Ignored: requests name this library. */
  sdkName: string;
  /** Default: the vendor's server. */
  baseUrl?: string;
  /** Default: 5 000. */
  requestTimeoutMs?: number;
  pollingIntervalMs?: number;
  numInitialRequestRetries?: number;
  numPollRequestRetries?: number;
  /** Default: false. */
  pollAfterSuccessfulInitialization?: boolean;
  /** Default: false. */
  pollAfterFailedInitialization?: boolean;
  /** Default: false. */
  throwOnFailedInitialization?: boolean;
  /** Default: false. */
  skipInitialPoll?: boolean;
}

/** The options that say where to fetch. */
export type OriginRoute = Pick<
  FlagConfigurationRequestParameters,
  "apiKey" | "baseUrl" | "requestTimeoutMs"
>;

/** The options that say when to fetch. */
export type RequestRules = Pick<
  FlagConfigurationRequestParameters,
  | "pollingIntervalMs"
  | "numInitialRequestRetries"
  | "numPollRequestRetries"
  | "pollAfterSuccessfulInitialization"
  | "pollAfterFailedInitialization"
  | "throwOnFailedInitialization"
  | "skipInitialPoll"
> & { readonly pollJitterMs?: number };

const DEFAULT_INTERVAL_MS = 30_000;
const MAX_JITTER_MS = 5_000;
const COUNT = { min: 0, max: 1_000_000 };

/** @throws OptionError that names the option. */
export function pollingRules(options: RequestRules, diagnostics: Diagnostics): PollingRules {
  const intervalMs = checkedInterval(options.pollingIntervalMs, diagnostics);
  const { numPollRequestRetries, pollJitterMs } = options;
  return {
    intervalMs,
    jitterMs: integerOption(
      "pollJitterMs",
      pollJitterMs,
      { min: 0, max: Math.floor(intervalMs / 2) },
      Math.min(MAX_JITTER_MS, intervalMs / 6),
    ),
    initialRetries: integerOption(
      "numInitialRequestRetries",
      options.numInitialRequestRetries,
      COUNT,
      1,
    ),
    pollRetries: integerOption("numPollRequestRetries", numPollRequestRetries, COUNT, null),
    pollsAfterSuccess: options.pollAfterSuccessfulInitialization ?? false,
    pollsAfterFailure: options.pollAfterFailedInitialization ?? false,
    rejectsOnFailure: options.throwOnFailedInitialization ?? false,
    skipsFirstAttempt: options.skipInitialPoll ?? false,
  };
}

function checkedInterval(intervalMs: number | undefined, diagnostics: Diagnostics): number {
  const bounds = { min: 1, max: 86_400_000 };
  if (typeof intervalMs !== "number" || intervalMs > 0) {
    return integerOption("pollingIntervalMs", intervalMs, bounds, DEFAULT_INTERVAL_MS);
  }
  const facts = { option: "pollingIntervalMs", used: DEFAULT_INTERVAL_MS };
  diagnostics.warn("the polling interval must be greater than 0", facts);
  return DEFAULT_INTERVAL_MS;
}
