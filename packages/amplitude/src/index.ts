export { AmplitudeCookie } from "./facade/cookie/amplitude-cookie.js";
export { Experiment } from "./facade/experiment.js";
export type { HttpClient, SimpleResponse } from "./facade/http-client.js";
export { type EvaluateOptions, LocalEvaluationClient } from "./facade/local/client.js";
export type {
  Cohort,
  CohortDescription,
  InMemoryCohortStorage,
} from "./facade/local/cohort-storage.js";
export type {
  AnalyticsOptions,
  AssignmentConfig,
  CohortSyncConfig,
  ExposureConfig,
  LocalEvaluationConfig,
  TrackingConfig,
} from "./facade/local/config.js";
export type { StreamEventSource, StreamEventSourceFactory } from "./facade/local/event-source.js";
export {
  type FlagConfig,
  type FlagConfigCache,
  InMemoryFlagConfigCache,
} from "./facade/local/flag-config-cache.js";
export { type Logger, type LoggerProvider, LogLevel } from "./facade/logging.js";
export { ExperimentClient, RemoteEvaluationClient } from "./facade/remote/client.js";
export {
  Defaults,
  type ExperimentConfig,
  type RemoteEvaluationConfig,
  RemoteEvaluationDefaults,
} from "./facade/remote/config.js";
export { FetchError } from "./facade/remote/fetch-error.js";
export type { FetchOptions } from "./facade/remote/request.js";
export type { ExperimentUser, User } from "./facade/user.js";
export type { Variant, Variants } from "./facade/variant.js";
export { amplitudeOrigin } from "./origin/amplitude-origin.js";
export type { AmplitudeOriginOptions, CohortSyncOptions } from "./origin/options.js";
