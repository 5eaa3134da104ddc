// Clients

export type { Client } from "./client/client.js";
export type { EvaluationCounters } from "./client/evaluation/mistakes.js";
export type { RefreshResult } from "./client/lifecycle/lifecycle.js";
export type { ClientEvents, ClientListener } from "./client/lifecycle/listeners.js";
export type { NotReadyReason, ReadyResult } from "./client/lifecycle/ready-result.js";
export type {
  DifferenceKind,
  FlagComparison,
  ShadowCounts,
} from "./client/lifecycle/shadow-counts.js";
export type {
  ClientState,
  ClientStatus,
  StatusError,
  StatusSource,
} from "./client/lifecycle/status.js";
export type { WebCounters } from "./client/lifecycle/web-counters.js";
export type { ClientOptions } from "./client/options.js";
export type { Overrides } from "./client/overrides.js";
export type { SubjectClient, SubjectOptions } from "./client/subject-client.js";
export { type TypedClient, typed } from "./client/typed-client.js";
export type { KeyFor, TypedOverrides } from "./client/typed-flags.js";
export type { TypedSubjectClient, TypedSubjectOptions } from "./client/typed-subject-client.js";
export type { WaitUntil } from "./client/wait-until.js";
export type { FlagsChanged } from "./configuration/diff.js";
export { createClient } from "./create-client.js";
export type { FlushResult, LoggerFlushResult } from "./events/flush.js";
export type { Override } from "./model/override.js";
export type { SubjectGetters } from "./model/subject-getters.js";

// Configurations and sources

export type { ConfigurationOrigin, StreamStatus } from "./configuration/origin.js";
export type { PayloadContent } from "./configuration/received.js";
export type { ConfigurationSource, DiskState } from "./configuration/source.js";
export { staticSource } from "./configuration/static-source.js";
export { Configuration, type DialectConfigurationInput } from "./configuration.js";
export type {
  CompileIssue,
  Payload,
  PayloadItems,
  PayloadOrigin,
  PayloadSet,
} from "./model/configuration.js";
export type { Dialect } from "./model/dialect.js";

// Loggers and exposures

export type { DeduplicationOptions, ExposureOptions } from "./client/exposure-options.js";
export type {
  AssignmentLogger,
  LoggerDeadline,
  PendingAssignment,
  PendingLogging,
} from "./delivery/assignment-logger.js";
export type { OverflowPolicy } from "./delivery/bounded-queue.js";
export type { DeduplicationStore } from "./delivery/deduplication-store.js";
export type { DeduplicationPolicy, DeduplicationRule } from "./delivery/deduplicator.js";
export type { ExposuresDropped } from "./events/drop-reports.js";
export type { ExposureDropReason } from "./events/exposure-drop-reason.js";
export type { ExposureOutcome, NotLoggedReason } from "./events/exposure-outcome.js";
export type { ExposureCounters } from "./events/exposures.js";
export type { LoggerCounters } from "./events/logger-book.js";
export type { Loggers } from "./events/loggers.js";
export type {
  AssignmentEvent,
  BanditChoice,
  BanditEvent,
  EventMetadata,
} from "./model/exposure.js";

// Errors

export { ERROR_CODES, type ErrorCode } from "./errors/codes.js";
export {
  CallbackError,
  ClosedError,
  DecodeError,
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
} from "./errors/errors.js";

// Evaluations and bandits

export type { AssignmentDetails } from "./client/evaluation/assignment-details.js";
export type { BanditDetails, BanditResult } from "./client/evaluation/bandit-evaluator.js";
export type { EvaluationRequest } from "./client/evaluation/evaluation-request.js";
export type {
  Attributes,
  AttributesByKind,
  AttributeValue,
  ScalarAttributes,
} from "./model/attributes.js";
export type { BanditActions, BanditSubject } from "./model/bandit.js";
export type { EvaluationReason } from "./model/evaluation.js";
export type { ValueType } from "./model/flag.js";

// Observing

export {
  type FlagUse,
  type LastUse,
  type LastUseOptions,
  lastUse,
  type VariationUse,
} from "./client/evaluation/last-use.js";
export {
  type OpenFeatureErrorCode,
  type OpenFeatureOrigin,
  type OpenFeatureOutcome,
  type OpenFeatureReason,
  openFeatureReason,
} from "./client/evaluation/openfeature-reason.js";
export type { EvaluationObserver, ObservedEvaluation } from "./model/observed-evaluation.js";

// Shadows

export type {
  CandidateFunction,
  CandidateRequest,
  CandidateResult,
} from "./shadow/function-side.js";
export type { ServedSide } from "./shadow/serving.js";
export {
  type ShadowClient,
  type ShadowOptions,
  type ShadowSides,
  shadow,
} from "./shadow/shadow.js";
export type { ShadowFlag, ShadowMap } from "./shadow/shadow-map.js";
export type {
  Difference,
  DifferenceListener,
  DifferenceSide,
  ShadowReport,
} from "./shadow/shadow-report.js";

// Diagnostics and the host

export type { Clock, TimerOptions } from "./runtime/clock.js";
export {
  consoleDiagnostics,
  type DiagnosticLevel,
  type Diagnostics,
  type Facts,
} from "./runtime/diagnostics.js";
export type { AbortSignalLike } from "./runtime/host.js";
export { type PinoLike, pinoDiagnostics } from "./runtime/pino-diagnostics.js";
export type { Random } from "./runtime/random.js";
