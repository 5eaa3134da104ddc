import type { Clock, Diagnostics, EvaluationObserver, Random } from "@sortition/core";
import type { RouteOptions } from "@sortition/node/internal";
import type { IAssignmentLogger } from "./model/assignment-event.js";
import type { IBanditLogger } from "./model/bandit-event.js";

/** Delivery of the events of `EppoClient.track`. */
export interface EventTrackingConfig {
  /** Whether events are delivered. Default: false. */
  enabled?: boolean;
  /** Events of one request, 100 … 10 000. Default: 1 000. */
  batchSize?: number;
  /** Ms between two requests. Default: 10 000. */
  deliveryIntervalMs?: number;
  /** Events that wait at most; later ones are dropped. Default: 10 000. */
  maxQueueSize?: number;
  /** Repetitions of a failed request, after which its events wait for the next one. Default: 3. */
  maxRetries?: number;
  /** Longest pause before a repetition, ms. Default: 30 000. */
  maxRetryDelayMs?: number;
  /** Pause before the first repetition, ms; each further one is twice as long. Default: 5 000. */
  retryIntervalMs?: number;
}

/** Options of `init`: the options of the vendor's SDK, and a few of this library. */
export interface IClientConfig extends RouteOptions {
  /** SDK key. */
  apiKey: string;
  /** Address of the server. Default: the vendor's. */
  baseUrl?: string;
  /** Receives assignments. Without one, the first 100 wait for `setAssignmentLogger`. */
  assignmentLogger: IAssignmentLogger;
  /** Receives choices of bandits. Without one, the first 100 wait for `setBanditLogger`. */
  banditLogger?: IBanditLogger;
  /** Ms for one attempt to fetch the configuration, with all its requests. Default: 5 000. */
  requestTimeoutMs?: number;
  /** Repetitions of the first attempt before `init` ends. Default: 1. */
  numInitialRequestRetries?: number;
  /**
   * Failed polls in a row that are repeated, with a pause that doubles, before polling stops for good.
   * Default: polling never stops.
   */
  numPollRequestRetries?: number;
  /** Whether `init` rejects if the configuration cannot be fetched. Default: true. */
  throwOnFailedInitialization?: boolean;
  /** Whether polling starts although the configuration could not be fetched. Default: false. */
  pollAfterFailedInitialization?: boolean;
  /** Ms between two polls. Default: 30 000. */
  pollingIntervalMs?: number;
  /** Delivery of the events of `EppoClient.track`. */
  eventTracking?: EventTrackingConfig;
  /** Spread around the interval, ms. Default: a sixth of the interval, at most 5 000. Not of the vendor's SDK. */
  pollJitterMs?: number;
  /** Called synchronously after each evaluation: one function, or several. Not of the vendor's SDK. */
  onEvaluation?: EvaluationObserver | readonly EvaluationObserver[];
  /** Warnings and errors. Default: the console (stderr), up to the variable `LOG_LEVEL`: `silent`, `fatal` or `error`. Not of the vendor's SDK. */
  diagnostics?: Diagnostics;
  /** Any part of the clock, for tests. Not of the vendor's SDK. */
  clock?: Partial<Clock>;
  /** Used for jitter and salts, for tests. Not of the vendor's SDK. */
  random?: Random;
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
