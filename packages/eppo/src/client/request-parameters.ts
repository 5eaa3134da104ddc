import { integerOption, MAX_DELAY_MS } from "@sortition/core/internal";
import type { PollingRules } from "../source/pace.js";
import type { TakenValues } from "./taken-values.js";

/** Parameters of `EppoClient.setConfigurationRequestParameters`. */
export interface FlagConfigurationRequestParameters {
  apiKey: string;
  /** Ignored, because requests name this library. */
  sdkVersion: string;
  /** Ignored, because requests name this library. */
  sdkName: string;
  /** Default: the vendor's server. */
  baseUrl?: string | undefined;
  /** Time-out in ms. Default: 5,000. */
  requestTimeoutMs?: number | undefined;
  pollingIntervalMs?: number | undefined;
  numInitialRequestRetries?: number | undefined;
  numPollRequestRetries?: number | undefined;
  /** Default: false. */
  pollAfterSuccessfulInitialization?: boolean | undefined;
  /** Default: false. */
  pollAfterFailedInitialization?: boolean | undefined;
  /** Default: false. */
  throwOnFailedInitialization?: boolean | undefined;
  /** Default: false. */
  skipInitialPoll?: boolean | undefined;
}

/** The options of the origin. */
export type OriginRoute = Pick<
  FlagConfigurationRequestParameters,
  "apiKey" | "baseUrl" | "requestTimeoutMs"
>;

/** The options of the pace. */
export type RequestRules = Pick<
  FlagConfigurationRequestParameters,
  | "pollingIntervalMs"
  | "numInitialRequestRetries"
  | "numPollRequestRetries"
  | "pollAfterSuccessfulInitialization"
  | "pollAfterFailedInitialization"
  | "throwOnFailedInitialization"
  | "skipInitialPoll"
> & { readonly pollJitterMs?: number | undefined };

const DEFAULT_INTERVAL_MS = 30_000;
const MAX_JITTER_MS = 5_000;

/**
 * Reads the polling options.
 *
 * @param keptJitterMs - the jitter of `init`, limited to half the interval, because the vendor's
 * parameters have no jitter.
 * @throws OptionError for an invalid `pollJitterMs`.
 */
export function pollingRules(
  options: RequestRules,
  taken: TakenValues,
  keptJitterMs: number | undefined = undefined,
): PollingRules {
  const { numPollRequestRetries, pollJitterMs } = options;
  const intervalMs = taken.delayMs(
    "pollingIntervalMs",
    options.pollingIntervalMs,
    DEFAULT_INTERVAL_MS,
    MAX_DELAY_MS,
  );
  const initialRetries = taken.count(
    "numInitialRequestRetries",
    options.numInitialRequestRetries,
    1,
  );
  const flag = (
    name:
      | "pollAfterSuccessfulInitialization"
      | "pollAfterFailedInitialization"
      | "throwOnFailedInitialization"
      | "skipInitialPoll",
  ): boolean => taken.flag(name, options[name]);
  const maxJitterMs = Math.floor(intervalMs / 2);
  return {
    intervalMs,
    jitterMs: integerOption(
      "pollJitterMs",
      pollJitterMs,
      { min: 0, max: maxJitterMs },
      Math.min(keptJitterMs ?? Math.min(MAX_JITTER_MS, intervalMs / 6), maxJitterMs),
    ),
    initialRetries,
    pollRetries:
      numPollRequestRetries === undefined
        ? null
        : taken.count("numPollRequestRetries", numPollRequestRetries, 7),
    pollsAfterSuccess: flag("pollAfterSuccessfulInitialization"),
    pollsAfterFailure: flag("pollAfterFailedInitialization"),
    rejectsOnFailure: flag("throwOnFailedInitialization"),
    skipsFirstAttempt: flag("skipInitialPoll") || initialRetries < 0,
  };
}
