import type { Agent } from "node:https";
import { integerOption, MAX_DELAY_MS } from "@sortition/core/internal";
import type { RouteOptions } from "@sortition/node/internal";
import { serverUrlsOf } from "../../dialect/zone.js";
import {
  LOGGING_OPTION_NAMES,
  type LoggingOptions,
  LogLevel,
  stderrLogger,
} from "../../messages/logging.js";
import { givenUrl } from "../../source/servers.js";
import type { ObservingOptions } from "../observed-flags.js";
import type { TakenValues } from "../taken-values.js";

/** Options of a `RemoteEvaluationClient`. */
export interface RemoteEvaluationConfig extends LoggingOptions, ObservingOptions, RouteOptions {
  /** Tells instances of the same key apart, see `Experiment.initializeRemote`. */
  instanceName?: string | undefined;
  /** `us` or `eu`; anything but `eu` is `us`. Default: `us`. */
  serverZone?: string | undefined;
  /** Wins over `serverZone`. */
  serverUrl?: string | undefined;
  /** Deadline of the first try, body included, in ms; 0 fails without a request. Default: 10,000. */
  fetchTimeoutMillis?: number | undefined;
  /** Further tries after a failure. Default: 8. */
  fetchRetries?: number | undefined;
  /** Delay before the first further try, in ms. Default: 500. */
  fetchRetryBackoffMinMillis?: number | undefined;
  /** Longest delay, in ms. Default: 10,000. */
  fetchRetryBackoffMaxMillis?: number | undefined;
  /** Factor of the delay from one try to the next. Default: 1.5. */
  fetchRetryBackoffScalar?: number | undefined;
  /** Deadline of each further try, in ms. Default: 10,000. */
  fetchRetryTimeoutMillis?: number | undefined;
  /** One deadline over all tries and delays, in ms; `null`: none, the default. */
  fetchDeadlineMillis?: number | null | undefined;
  /** How many requests may run at the same time; `null`: no limit, the default. */
  connectionPoolMaxSize?: number | null | undefined;
  /** How long a request waits until it may run, in ms; then the try fails. `null`: as long as it takes, the default. */
  fetchPoolAcquireTimeoutMillis?: number | null | undefined;
  /** An `https.Agent`, in place of `dispatcher` and `proxy`. */
  httpAgent?: Agent | undefined;
}

/** Former name of {@link RemoteEvaluationConfig}. */
export type ExperimentConfig = RemoteEvaluationConfig;

const US_SERVER = serverUrlsOf("us").remote;

/** Defaults of {@link RemoteEvaluationConfig}. */
export const RemoteEvaluationDefaults: Readonly<RemoteEvaluationConfig> = /* @__PURE__ */ (() => ({
  debug: false,
  logLevel: LogLevel.Error,
  loggerProvider: stderrLogger,
  instanceName: undefined,
  serverZone: "us",
  serverUrl: US_SERVER,
  fetchTimeoutMillis: 10_000,
  fetchRetries: 8,
  fetchRetryBackoffMinMillis: 500,
  fetchRetryBackoffMaxMillis: 10_000,
  fetchRetryBackoffScalar: 1.5,
  fetchRetryTimeoutMillis: 10_000,
  httpAgent: null as unknown as undefined, // as the vendor's, against its type
}))();

/** Former name of {@link RemoteEvaluationDefaults}. */
export const Defaults: Readonly<ExperimentConfig> = { ...RemoteEvaluationDefaults };

export const REMOTE_OPTION_NAMES: readonly (keyof RemoteEvaluationConfig)[] = [
  ...LOGGING_OPTION_NAMES,
  "onEvaluation",
  "instanceName",
  "serverZone",
  "serverUrl",
  "fetchTimeoutMillis",
  "fetchRetries",
  "fetchRetryBackoffMinMillis",
  "fetchRetryBackoffMaxMillis",
  "fetchRetryBackoffScalar",
  "fetchRetryTimeoutMillis",
  "fetchDeadlineMillis",
  "connectionPoolMaxSize",
  "fetchPoolAcquireTimeoutMillis",
  "httpAgent",
  "proxy",
  "dispatcher",
];

/** Checked options of the requests of a client. */
export interface RemoteSettings {
  readonly serverUrl: string;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly retryTimeoutMs: number;
  readonly backoff: {
    readonly minMs: number;
    readonly maxMs: number;
    readonly factor: number;
  };
  readonly deadlineMs: number | null;
  readonly connections: number | null;
  readonly acquireTimeoutMs: number | null;
}

/** @throws OptionError for a bad value of an option that the vendor's SDK does not have. */
export function checkedSettings(
  config: RemoteEvaluationConfig,
  taken: TakenValues,
): RemoteSettings {
  const { serverUrl, serverZone } = config;
  return {
    serverUrl: givenUrl(serverUrl, serverUrlsOf(taken.zone(serverZone)).remote),
    timeoutMs: taken.timeoutMs("fetchTimeoutMillis", config.fetchTimeoutMillis, 10_000),
    retries: taken.count("fetchRetries", config.fetchRetries, 8),
    retryTimeoutMs: taken.timeoutMs(
      "fetchRetryTimeoutMillis",
      config.fetchRetryTimeoutMillis,
      10_000,
    ),
    backoff: {
      minMs: taken.number("fetchRetryBackoffMinMillis", config.fetchRetryBackoffMinMillis, 500),
      maxMs: taken.number("fetchRetryBackoffMaxMillis", config.fetchRetryBackoffMaxMillis, 10_000),
      factor: taken.number("fetchRetryBackoffScalar", config.fetchRetryBackoffScalar, 1.5),
    },
    deadlineMs: millis("fetchDeadlineMillis", config.fetchDeadlineMillis),
    connections: integerOption(
      "connectionPoolMaxSize",
      config.connectionPoolMaxSize ?? undefined,
      { min: 1, max: Number.MAX_SAFE_INTEGER },
      null,
    ),
    acquireTimeoutMs: millis("fetchPoolAcquireTimeoutMillis", config.fetchPoolAcquireTimeoutMillis),
  };
}

function millis(name: string, value: number | null | undefined): number | null {
  return integerOption(name, value ?? undefined, { min: 0, max: MAX_DELAY_MS }, null);
}
