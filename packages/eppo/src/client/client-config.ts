import type { Clock, Diagnostics, EvaluationObserver, Random } from "@sortition/core";
import type { RouteOptions } from "@sortition/node/internal";
import type { IAssignmentLogger } from "./model/assignment-event.js";
import type { IBanditLogger } from "./model/bandit-event.js";

/** Options for delivering the events of `EppoClient.track`. */
export interface EventTrackingConfig {
  /** Whether events are delivered. Default: false. */
  enabled?: boolean | undefined;
  /** Events per request, 100 to 10,000. Default: 1,000. */
  batchSize?: number | undefined;
  /** Time between two requests, in ms. Default: 10,000. */
  deliveryIntervalMs?: number | undefined;
  /** Maximum number of waiting events. Further events are dropped. Default: 10,000. */
  maxQueueSize?: number | undefined;
  /** Retries of a failed request, after which its events wait for the next one. Default: 3. */
  maxRetries?: number | undefined;
  /** Maximum pause before a retry, in ms. Default: 30,000. */
  maxRetryDelayMs?: number | undefined;
  /** Pause before the first retry, in ms. It doubles with each further retry. Default: 5,000. */
  retryIntervalMs?: number | undefined;
}

/** Options of `init`: those of the vendor's SDK, and some of this library. */
export interface IClientConfig extends RouteOptions {
  /** SDK key. */
  apiKey: string;
  /** Address of the server. Default: the vendor's. */
  baseUrl?: string | undefined;
  /**
   * Receives assignments. Without a logger, the first 100 assignments wait for
   * `setAssignmentLogger`.
   */
  assignmentLogger: IAssignmentLogger;
  /**
   * Receives bandit actions. Without a logger, the first 100 actions wait for `setBanditLogger`.
   */
  banditLogger?: IBanditLogger | undefined;
  /**
   * Time for one attempt to fetch the configuration, including all its requests, in ms. Default:
   * 5,000.
   */
  requestTimeoutMs?: number | undefined;
  /** Retries of the first attempt before `init` ends. Default: 1. */
  numInitialRequestRetries?: number | undefined;
  /**
   * Consecutive failed polls to retry, with a pause that doubles, before polling stops permanently.
   * Default: polling never stops.
   */
  numPollRequestRetries?: number | undefined;
  /** Whether `init` rejects if the configuration cannot be fetched. Default: true. */
  throwOnFailedInitialization?: boolean | undefined;
  /** Whether to start polling even if the configuration could not be fetched. Default: false. */
  pollAfterFailedInitialization?: boolean | undefined;
  /** Time between two polls, in ms. Default: 30,000. */
  pollingIntervalMs?: number | undefined;
  /** Delivery of the events of `EppoClient.track`. */
  eventTracking?: EventTrackingConfig | undefined;
  /**
   * Spread around the interval, in ms. Default: a sixth of the interval, at most 5,000. Not in the
   * vendor's SDK.
   */
  pollJitterMs?: number | undefined;
  /**
   * One or more functions that are called synchronously after each evaluation. Not in the vendor's
   * SDK.
   */
  onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
  /**
   * Receives warnings and errors. Default: the console (stderr), limited by the environment
   * variable `LOG_LEVEL`: `silent`, `fatal` or `error`. Not in the vendor's SDK.
   */
  diagnostics?: Diagnostics | undefined;
  /** Parts of the clock to replace in tests. Not in the vendor's SDK. */
  clock?: Partial<Clock> | undefined;
  /** Random numbers for jitter and salts, to replace in tests. Not in the vendor's SDK. */
  random?: Random | undefined;
}

export const CONFIG_NAMES: readonly (keyof IClientConfig)[] = [
  "apiKey",
  "baseUrl",
  "assignmentLogger",
  "banditLogger",
  "requestTimeoutMs",
  "numInitialRequestRetries",
  "numPollRequestRetries",
  "throwOnFailedInitialization",
  "pollAfterFailedInitialization",
  "pollingIntervalMs",
  "eventTracking",
  "pollJitterMs",
  "proxy",
  "dispatcher",
  "onEvaluation",
  "diagnostics",
  "clock",
  "random",
];
