import type { Agent } from "node:https";
import { type AssignmentLogger, OptionError } from "@sortition/core";
import {
  type Clock,
  type ConfigurationOrigin,
  type ConfigurationSource,
  integerOption,
  MAX_DELAY_MS,
  readClock,
} from "@sortition/core/internal";
import type { RouteOptions } from "@sortition/node/internal";
import { serverUrlsOf } from "../../dialect/zone.js";
import { LOGGING_OPTION_NAMES, type LoggingOptions } from "../../messages/logging.js";
import {
  basicOf,
  type CohortSettings,
  MAX_COHORT_SIZE,
  MIN_INTERVAL_MS,
} from "../../source/cohort-options.js";
import { givenUrl } from "../../source/servers.js";
import type { ObservingOptions } from "../observed-flags.js";
import type { TakenValues } from "../taken-values.js";
import type { FlagConfig } from "./flag-config-cache.js";

/** Options that are passed unchanged to the analytics client, which uploads events. */
export type AnalyticsOptions = Readonly<Record<string, unknown>>;

/**
 * Tracks an event for evaluations. All other members are options of `@amplitude/analytics-node`.
 */
export type TrackingConfig = {
  /** API key of the analytics project, not the deployment key. */
  apiKey: string;
  /**
   * Number of evaluations to remember, so that equal ones are tracked only once a day. Default:
   * 65,536.
   */
  cacheCapacity?: number | undefined;
} & AnalyticsOptions;

/** @deprecated by the vendor in favour of exposures. */
export type AssignmentConfig = TrackingConfig & {
  /** Whether events contain the properties that the user was evaluated with. Default: false. */
  sendEvaluatedProps?: boolean | undefined;
};

/** Tracks exposures of evaluations with `tracksExposure`. */
export type ExposureConfig = TrackingConfig;

/** Downloads the cohorts that the flags refer to. */
export interface CohortSyncConfig {
  /** API key of the analytics project. It never appears in messages. */
  apiKey: string;
  /** Secret key of the analytics project. It never appears in messages. */
  secretKey: string;
  /** Address of the cohort server. Default: the zone's server. */
  cohortServerUrl?: string | undefined;
  /** Maximum size of a cohort. Larger ones are not downloaded. Default: 2,147,483,647. */
  maxCohortSize?: number | undefined;
  /** Time between two requests for a known cohort, in ms, at least 60,000. Default: 60,000. */
  cohortPollingIntervalMillis?: number | undefined;
}

export const COHORT_OPTION_NAMES: readonly (keyof CohortSyncConfig)[] = [
  "apiKey",
  "secretKey",
  "cohortServerUrl",
  "maxCohortSize",
  "cohortPollingIntervalMillis",
];

/** Options of a `LocalEvaluationClient`. */
export interface LocalEvaluationConfig extends LoggingOptions, ObservingOptions, RouteOptions {
  /** Distinguishes instances with the same key, see `Experiment.initializeLocal`. */
  instanceName?: string | undefined;
  /** `us` or `eu`. Any value other than `eu` is treated as `us`. Default: `us`. */
  serverZone?: "us" | "eu" | undefined;
  /** Address of the flag server. Overrides `serverZone`. */
  serverUrl?: string | undefined;
  /** Flags by key, used until the first update. */
  bootstrap?: Record<string, FlagConfig> | undefined;
  /** Polling interval, in ms. Default: 30,000. */
  flagConfigPollingIntervalMillis?: number | undefined;
  /** Deadline of a request for flags, in ms. Default: 5,000. */
  flagConfigPollerRequestTimeoutMillis?: number | undefined;
  /** Deadline of `start`, in ms. Updates continue after it. Default: 5,000. */
  startTimeoutMillis?: number | undefined;
  assignmentConfig?: AssignmentConfig | undefined;
  exposureConfig?: ExposureConfig | undefined;
  /** Receives an event for each flag that an evaluation with `tracksExposure` exposes. */
  exposureLogger?: AssignmentLogger | undefined;
  /** Whether flags are received as a stream. Default: false. */
  streamUpdates?: boolean | undefined;
  /** Address of the stream server. Overrides `serverZone`. */
  streamServerUrl?: string | undefined;
  /** Deadline for connecting and receiving the first flags, in ms. Default: 1,500. */
  streamFlagConnTimeoutMillis?: number | undefined;
  cohortSyncConfig?: CohortSyncConfig | undefined;
  /** An `https.Agent` for requests for flags and cohorts, instead of `dispatcher` and `proxy`. */
  httpAgent?: Agent | undefined;
  /** A source of flags and cohorts that replaces this client's requests, for example a fleet. */
  source?: ConfigurationSource | ConfigurationOrigin | undefined;
  /** Parts of the clock to replace in tests. */
  clock?: Partial<Clock> | undefined;
}

export const LOCAL_OPTION_NAMES: readonly (keyof LocalEvaluationConfig)[] = [
  ...LOGGING_OPTION_NAMES,
  "onEvaluation",
  "instanceName",
  "serverZone",
  "serverUrl",
  "bootstrap",
  "flagConfigPollingIntervalMillis",
  "flagConfigPollerRequestTimeoutMillis",
  "startTimeoutMillis",
  "assignmentConfig",
  "exposureConfig",
  "exposureLogger",
  "streamUpdates",
  "streamServerUrl",
  "streamFlagConnTimeoutMillis",
  "cohortSyncConfig",
  "httpAgent",
  "source",
  "clock",
  "proxy",
  "dispatcher",
];

/** Validated options with defaults applied. */
export interface LocalSettings {
  readonly flagsUrl: string;
  readonly streamUrl: string;
  readonly cohortUrl: string;
  readonly intervalMs: number;
  readonly requestTimeoutMs: number;
  readonly startTimeoutMs: number;
  readonly streamTimeoutMs: number;
  readonly isStreaming: boolean;
  readonly clock: Clock;
}

/** Options that cannot be combined with `source`. */
const FETCHING_OPTIONS: readonly (keyof LocalEvaluationConfig)[] = [
  "serverUrl",
  "streamServerUrl",
  "streamUpdates",
  "cohortSyncConfig",
];

/**
 * Checks the options and applies defaults.
 *
 * @throws OptionError for an invalid value of an option that the vendor's SDK does not have.
 */
export function checkedLocalSettings(
  config: LocalEvaluationConfig,
  taken: TakenValues,
): LocalSettings {
  const { source } = config;
  const clock = readClock("clock", config.clock);
  for (const name of source === undefined ? [] : FETCHING_OPTIONS) {
    if (config[name]) throw new OptionError(name, "cannot be given together with source");
  }
  const servers = serverUrlsOf(taken.zone(config.serverZone));
  return {
    flagsUrl: givenUrl(config.serverUrl, servers.flags),
    streamUrl: givenUrl(config.streamServerUrl, servers.stream),
    cohortUrl: servers.cohort,
    intervalMs: taken.delayMs(
      "flagConfigPollingIntervalMillis",
      config.flagConfigPollingIntervalMillis,
      30_000,
    ),
    requestTimeoutMs: millis(config, "flagConfigPollerRequestTimeoutMillis", 5_000),
    startTimeoutMs: millis(config, "startTimeoutMillis", 5_000),
    streamTimeoutMs: taken.delayMs(
      "streamFlagConnTimeoutMillis",
      config.streamFlagConnTimeoutMillis,
      1_500,
      1,
    ),
    isStreaming: taken.flag("streamUpdates", config.streamUpdates),
    clock,
  };
}

/** Returns how cohorts are requested, or `null` if they are not. */
export function cohortSettingsOf(
  { cohortSyncConfig }: LocalEvaluationConfig,
  { cohortUrl }: Pick<LocalSettings, "cohortUrl">,
  taken: TakenValues,
): CohortSettings | null {
  if (!cohortSyncConfig) return null;
  const { apiKey, secretKey, cohortServerUrl, maxCohortSize } = cohortSyncConfig;
  const { cohortPollingIntervalMillis: intervalMs } = cohortSyncConfig;
  const owner = "cohortSyncConfig";
  return {
    url: givenUrl(cohortServerUrl, cohortUrl),
    authorization: basicOf(
      taken.text(`${owner}.apiKey`, apiKey),
      taken.text(`${owner}.secretKey`, secretKey),
    ),
    maxCohortSize: maxCohortSize === undefined ? MAX_COHORT_SIZE : maxCohortSize,
    intervalMs: Math.max(
      MIN_INTERVAL_MS,
      taken.delayMs(`${owner}.cohortPollingIntervalMillis`, intervalMs, MIN_INTERVAL_MS),
    ),
  };
}

function millis(
  config: LocalEvaluationConfig,
  name: keyof LocalEvaluationConfig,
  fallback: number,
): number {
  return integerOption(name, config[name], { min: 1, max: MAX_DELAY_MS }, fallback);
}
