export type { EvaluationObserver, ObservedEvaluation } from "@sortition/core";
export { AmplitudeCookie } from "./client/cookie/amplitude-cookie.js";
export { amplitude } from "./client/dialect-elsewhere.js";
export { Experiment, type ExperimentFactory } from "./client/experiment.js";
export type { HttpClient, SimpleResponse } from "./client/http-client.js";
export { type EvaluateOptions, LocalEvaluationClient } from "./client/local/client.js";
export type {
  Cohort,
  CohortDescription,
  InMemoryCohortStorage,
} from "./client/local/cohort-storage.js";
export type {
  AnalyticsOptions,
  AssignmentConfig,
  CohortSyncConfig,
  ExposureConfig,
  LocalEvaluationConfig,
  TrackingConfig,
} from "./client/local/config.js";
export type { StreamEventSource, StreamEventSourceFactory } from "./client/local/event-source.js";
export {
  type FlagConfig,
  type FlagConfigCache,
  InMemoryFlagConfigCache,
} from "./client/local/flag-config-cache.js";
export { ExperimentClient, RemoteEvaluationClient } from "./client/remote/client.js";
export {
  Defaults,
  type ExperimentConfig,
  type RemoteEvaluationConfig,
  RemoteEvaluationDefaults,
} from "./client/remote/config.js";
export { FetchError } from "./client/remote/fetch-error.js";
export type { FetchOptions } from "./client/remote/request.js";
export type { ExperimentUser, User } from "./client/user.js";
export type { Variant, Variants } from "./client/variant.js";
export { type Logger, type LoggerProvider, LogLevel } from "./messages/logging.js";
