// Clients

export type {
  Client,
  ClientEvents,
  ClientListener,
  ClientState,
  ClientStatus,
  EvaluationCounters,
  FlagsChanged,
  FlushResult,
  KeyFor,
  LoggerFlushResult,
  NotReadyReason,
  Override,
  Overrides,
  ReadyResult,
  RefreshResult,
  StatusError,
  StatusSource,
  SubjectClient,
  SubjectGetters,
  SubjectOptions,
  TypedClient,
  TypedOverrides,
  TypedSubjectClient,
  TypedSubjectOptions,
  WaitUntil,
  WebCounters,
} from "@sortition/core";
export { createClient } from "./client/create-client.js";
export type { ClientOptions, PollingClientOptions } from "./client/options.js";
export { shared } from "./client/shared.js";
export {
  type FlushableClient,
  installShutdownHooks,
  type ShutdownOptions,
} from "./client/shutdown-hooks.js";
export { getInstance, init } from "./client/singleton.js";
export { typed } from "./client/typed.js";

// Configurations and sources

export {
  type CompileIssue,
  type ConfigurationOrigin,
  type ConfigurationSource,
  type Dialect,
  type DialectConfigurationInput,
  type DiskState,
  type Payload,
  type PayloadContent,
  type PayloadItems,
  type PayloadOrigin,
  type PayloadSet,
  type StreamStatus,
  staticSource,
} from "@sortition/core";
export {
  Configuration,
  type ConfigurationInput,
  type EppoConfigurationInput,
} from "./client/configuration.js";
export { eppoHttpOrigin as httpOrigin } from "./client/eppo-origin.js";
export type { DiskCacheOptions } from "./disk/options.js";
export { type ConfigurationFiles, type FileSourceOptions, fileSource } from "./file/file-source.js";
export type { HttpOriginOptions } from "./http/origin-options.js";
export type { RouteOptions } from "./http/proxy.js";
export { type PollingSourceOptions, pollingSource } from "./source/polling-source.js";

// Loggers and exposures

export type {
  AssignmentEvent,
  AssignmentLogger,
  BanditChoice,
  BanditEvent,
  DeduplicationOptions,
  DeduplicationPolicy,
  DeduplicationRule,
  DeduplicationStore,
  EventMetadata,
  ExposureCounters,
  ExposureDropReason,
  ExposureOptions,
  ExposureOutcome,
  ExposuresDropped,
  LoggerCounters,
  LoggerDeadline,
  Loggers,
  NotLoggedReason,
  OverflowPolicy,
  PendingAssignment,
  PendingLogging,
} from "@sortition/core";
export { csvLogger } from "./file-logger/csv-logger.js";
export type {
  FileFlushResult,
  FileLogger,
  FileLoggerOptions,
  FileLoggerStats,
} from "./file-logger/file-logger.js";
export { ndjsonLogger } from "./file-logger/ndjson-logger.js";

// Errors

export {
  CallbackError,
  ClosedError,
  DecodeError,
  ERROR_CODES,
  type ErrorCode,
  EvaluationError,
  type EvaluationErrorCode,
  FileError,
  HttpStatusError,
  NetworkError,
  NoInstanceError,
  NotReadyError,
  OptionError,
  ProtocolError,
  SortitionError,
  TimeoutError,
} from "@sortition/core";

// Evaluations and bandits

export type {
  AssignmentDetails,
  Attributes,
  AttributesByKind,
  AttributeValue,
  BanditActions,
  BanditDetails,
  BanditResult,
  BanditSubject,
  EvaluationReason,
  EvaluationRequest,
  ScalarAttributes,
  ValueType,
} from "@sortition/core";

// Observing

export {
  type EvaluationObserver,
  type FlagUse,
  type LastUse,
  type LastUseOptions,
  lastUse,
  type ObservedEvaluation,
  type OpenFeatureErrorCode,
  type OpenFeatureOrigin,
  type OpenFeatureOutcome,
  type OpenFeatureReason,
  openFeatureReason,
  type VariationUse,
} from "@sortition/core";

// Shadows

export {
  type CandidateFunction,
  type CandidateRequest,
  type CandidateResult,
  type Difference,
  type DifferenceKind,
  type DifferenceListener,
  type DifferenceSide,
  type FlagComparison,
  type ServedSide,
  type ShadowClient,
  type ShadowCounts,
  type ShadowFlag,
  type ShadowMap,
  type ShadowOptions,
  type ShadowReport,
  type ShadowSides,
  shadow,
} from "@sortition/core";

// Eppo

export {
  type AllocationEvaluation,
  type AllocationEvaluationCode,
  ContextAttributes,
  type EppoAssignmentEvent,
  type EppoAttributes,
  type EppoBanditEvent,
  type EppoEventMetadata,
  type EppoNodeBanditEvent,
  type EppoNodeLogger,
  type EvaluationDetails,
  eppo,
  type FlagEvaluationCode,
  withEppoNodeEventNames,
} from "@sortition/core/eppo";

// Precomputed flags

export {
  createPrecomputedClient,
  type PrecomputedBanditResult,
  type PrecomputedClient,
  type PrecomputedClientOptions,
  type PrecomputedCounters,
  type PrecomputedFlushResult,
  type PrecomputedStatus,
} from "@sortition/core/precomputed";

// Diagnostics and the host

export {
  type AbortSignalLike,
  type Clock,
  consoleDiagnostics,
  type DiagnosticLevel,
  type Diagnostics,
  type Facts,
  type PinoLike,
  pinoDiagnostics,
  type Random,
  type TimerOptions,
} from "@sortition/core";
