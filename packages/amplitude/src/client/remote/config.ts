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
  /** Distinguishes instances with the same key, see `Experiment.initializeRemote`. */
  instanceName?: string | undefined;
  /** `us` or `eu`. Any value other than `eu` is treated as `us`. Default: `us`. */
  serverZone?: string | undefined;
  /** Address of the server. Overrides `serverZone`. */
  serverUrl?: string | undefined;
  /**
   * Deadline of the first try including the body, in ms. 0 fails without a request. Default:
   * 10,000.
   */
  fetchTimeoutMillis?: number | undefined;
  /** Number of retries after a failure. Default: 8. */
  fetchRetries?: number | undefined;
  /** Delay before the first retry, in ms. Default: 500. */
  fetchRetryBackoffMinMillis?: number | undefined;
  /** Maximum delay, in ms. Default: 10,000. */
  fetchRetryBackoffMaxMillis?: number | undefined;
  /** Factor by which the delay grows with each retry. Default: 1.5. */
  fetchRetryBackoffScalar?: number | undefined;
  /** Deadline of each retry, in ms. Default: 10,000. */
  fetchRetryTimeoutMillis?: number | undefined;
  /** Deadline for all tries and delays together, in ms. `null`: no deadline. Default: `null`. */
  fetchDeadlineMillis?: number | null | undefined;
  /** Maximum number of concurrent requests. `null`: no limit. Default: `null`. */
  connectionPoolMaxSize?: number | null | undefined;
  /**
   * How long a request may wait to be sent, in ms, before the try fails. `null`: no limit. Default:
   * `null`.
   */
  fetchPoolAcquireTimeoutMillis?: number | null | undefined;
  /** An `https.Agent` to use instead of `dispatcher` and `proxy`. */
  httpAgent?: Agent | undefined;
}

/** Old name of {@link RemoteEvaluationConfig}. */
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
  httpAgent: null as unknown as undefined, // null like the vendor's, despite its type
}))();

/** Old name of {@link RemoteEvaluationDefaults}. */
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

/** Validated options of a client's requests. */
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

/**
 * Checks the options and applies defaults.
 *
 * @throws OptionError for an invalid value of an option that the vendor's SDK does not have.
 */
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
