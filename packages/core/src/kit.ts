// Configurations and sources

export type {
  ConfigurationOrigin,
  Failure,
  FailureClass,
  FetchResult,
  FollowListener,
  StreamStatus,
} from "./configuration/origin.js";
export type { ReceivedPayloads } from "./configuration/received.js";
export type {
  ConfigurationSource,
  DiskState,
  OfferResult,
  PreparedUpdate,
  RefreshOutcome,
  SourceAge,
  SourceContext,
  SourceSink,
  Subscription,
} from "./configuration/source.js";
export type { Payload, PayloadItems, PayloadSet } from "./model/configuration.js";
export type {
  Dialect,
  DialectAddresses,
  Endpoint,
  EndpointContext,
  QueryParameter,
} from "./model/dialect.js";
export type { Steps } from "./model/steps.js";
export type { VendorAny } from "./model/vendor-any.js";
export { payloadOfItems } from "./payload/payload-of-items.js";
export type { Digest } from "./runtime/digest.js";

// Requests

export { sha256 } from "./hash/sha256.js";
export { statusFailure } from "./http/failure.js";
export type { HttpResponse, Server } from "./http/part.js";
export type { RequestOptions } from "./http/request-options.js";
export { type RetryAfterSource, retryAfterMs } from "./http/retry-after.js";
export type { AbortSignalLike, UrlLike } from "./runtime/host.js";

// Errors and reports

export type { ErrorCode } from "./errors/codes.js";
export {
  CallbackError,
  ClosedError,
  DecodeError,
  FileError,
  HttpStatusError,
  NetworkError,
  OptionError,
  ProtocolError,
  SortitionError,
  TimeoutError,
} from "./errors/errors.js";
export { OncePerCause } from "./errors/once-per-cause.js";
export { type OptionHints, type UnknownOption, unknownOptions } from "./errors/option-checks.js";
export {
  consoleDiagnostics,
  type Diagnostics,
  type Facts,
  SILENT_DIAGNOSTICS,
} from "./runtime/diagnostics.js";

// Loggers

export type { AssignmentLogger, LoggerDeadline } from "./delivery/assignment-logger.js";
export { exposureParts } from "./delivery/exposure-parts.js";
export type { EventKind, LoggedEvent } from "./delivery/logged-event.js";
export { messageId } from "./delivery/message-id.js";
export type { FlushResult } from "./events/flush.js";
export type { Loggers } from "./events/loggers.js";
export {
  type BufferedLogger,
  createBufferedLogger,
  type LoggerTimeLimit,
} from "./logger/buffered-logger.js";
export { eventIdOf, type LoggerDedupe } from "./logger/event-id.js";
export type { LoggerFlushSummary } from "./logger/flush-summary.js";
export {
  type BufferedLoggerOptions,
  type LoggerErrorContext,
  type LoggerErrorStage,
  type ResolvedLoggerOptions,
  resolveLoggerOptions,
} from "./logger/options.js";
export {
  type Json,
  type PlainCopy,
  type PlainObject,
  plainCopy,
  type Substitutes,
} from "./logger/plain-json.js";
export type { PlainEvent } from "./logger/prepare.js";
export type { LoggerDropReason, LoggerStats } from "./logger/stats.js";
export type { SubjectAttributeChoice } from "./logger/subject-attributes.js";
export type { TrackChanges, TrackMessage, TrackOptions } from "./logger/track.js";
export type { Attempts, RefusalReason, Settle, Vendor, VendorPlan } from "./logger/vendor.js";
export { createTrackLogger, createVendorLogger, type VendorParts } from "./logger/vendor-logger.js";
export type { ExposureBase } from "./model/exposure.js";

// Queues and counters

export { Backoff } from "./delivery/backoff.js";
export {
  type BatchDropReason,
  type BatchPorts,
  BatchSender,
  type BatchSenderOptions,
  type BatchStats,
  type SendResult,
} from "./delivery/batch-sender.js";
export {
  BoundedQueue,
  type OverflowPolicy,
  type QueueLimits,
  type QueueRefusal,
  type Sized,
} from "./delivery/bounded-queue.js";
export type { DeduplicationStore } from "./delivery/deduplication-store.js";
export {
  type DeduplicationPolicy,
  type DeduplicationRule,
  Deduplicator,
} from "./delivery/deduplicator.js";
export { Counts, type Ending, type FlushCounts, Ledger } from "./delivery/ledger.js";
export { OutageReporter } from "./delivery/outage-reporter.js";
export { claimReceipt, type Receipt } from "./delivery/receipt.js";
export { estimateBytes } from "./delivery/size-estimate.js";
export { type Clock, createClock, type TimerOptions } from "./runtime/clock.js";
export type { Random } from "./runtime/random.js";
