export {
  exposureCounters,
  logPlainExposure,
  type WebParts,
  webParts,
  withOwnSettings,
  withUncheckedOverrides,
} from "./client/client-internals.js";
export type { ClientEnding } from "./client/core-client.js";
export { misnamedText } from "./client/evaluation/mistake-texts.js";
export { unknownFlagReport } from "./client/evaluation/unknown-flag.js";
export { type CheckedDeduplication, checkDeduplication } from "./client/exposure-options.js";
export { CLIENT_HINTS, clientReaders, refusePart, withForeign } from "./client/options.js";
export { withAwaitHints, withMethodHints } from "./client/promised-client.js";
export { readWithExposures } from "./client/read-with-exposures.js";
export { flattened } from "./conditions/bandit-subject.js";
export { loadConfiguration, loadError } from "./configuration/load.js";
export type {
  ConfigurationOrigin,
  Failure,
  FailureClass,
  FetchResult,
  FollowListener,
  StreamStatus,
} from "./configuration/origin.js";
export {
  compileReceived,
  loadReceived,
  type ReceivedPayloads,
  receive,
} from "./configuration/received.js";
export { areSamePayloads } from "./configuration/same-payloads.js";
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
export { type PreparedAll, Subscribers } from "./configuration/subscribers.js";
export type { AssignmentLogger, LoggerDeadline } from "./delivery/assignment-logger.js";
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
export { exposureParts } from "./delivery/exposure-parts.js";
export { Counts, type Ending, type FlushCounts, Ledger } from "./delivery/ledger.js";
export type { EventKind, LoggedEvent } from "./delivery/logged-event.js";
export { messageId } from "./delivery/message-id.js";
export { CUT_OFF, certificateHint, UNREACHABLE } from "./delivery/network-code.js";
export { OutageReporter } from "./delivery/outage-reporter.js";
export { isRefusalStatus, type Refusal, sendInParts } from "./delivery/parts.js";
export { type Book, callWithBook, claimReceipt, type Receipt } from "./delivery/receipt.js";
export { estimateBytes } from "./delivery/size-estimate.js";
export type { ErrorCode } from "./errors/codes.js";
export { DOCUMENTATION_URL } from "./errors/documentation-url.js";
export {
  CallbackError,
  ClosedError,
  DecodeError,
  FileError,
  HttpStatusError,
  httpStatusOf,
  NetworkError,
  OptionError,
  ProtocolError,
  SortitionError,
  TimeoutError,
} from "./errors/errors.js";
export { foreignAdvice } from "./errors/foreign-options.js";
export { isPromise, isThenable, keyName, memberName, messageOf } from "./errors/guard.js";
export { keyFault } from "./errors/key-fault.js";
export { namesOf } from "./errors/names-of.js";
export { nearestName, otherSpelling, relatedNames } from "./errors/nearest-name.js";
export { OncePerCause, type OncePerCauseOptions } from "./errors/once-per-cause.js";
export {
  booleanOption,
  explainedOn,
  hintFor,
  hintsOn,
  integerOption,
  MAX_DELAY_MS,
  type OptionHints,
  optionList,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
  requireOptions,
  requireString,
  shareAdvice,
  type UnknownOption,
  unknownOptions,
} from "./errors/option-checks.js";
export {
  address,
  boolean,
  callback,
  integer,
  oneOf,
  type Reader,
  type Readers,
  type ReadersOf,
  readOptions,
  string,
  unchecked,
  withMethods,
} from "./errors/read-options.js";
export { relayHint, serverFaultHint } from "./errors/status-hint.js";
export type { ExposureContext } from "./events/exposure-context.js";
export { isLoggerFailure } from "./events/exposure-drop-reason.js";
export type { ExposureOutcome } from "./events/exposure-outcome.js";
export { createExposurePipeline, type ExposurePipeline } from "./events/exposure-pipeline.js";
export type { FlushResult } from "./events/flush.js";
export { checkLoggers, type Loggers } from "./events/loggers.js";
export type { PlainExposure } from "./events/plain-exposure.js";
export { createExplainingClient, type ExplainingClient } from "./explaining-client.js";
export { sha256 } from "./hash/sha256.js";
export { parseBaseUrl } from "./http/base-url.js";
export {
  errorFailure,
  isTransientStatus,
  statusFailure,
  transientFailure,
} from "./http/failure.js";
export { fetchParts, isOkWithBody } from "./http/fetch-parts.js";
export type { HttpResponse, PartMessage, Server } from "./http/part.js";
export { MAX_REDIRECTS, redirectTarget } from "./http/redirect.js";
export { RenewedEtags } from "./http/renewed-etags.js";
export {
  type CheckedRequestOptions,
  type RequestOptions,
  readAnyKey,
  readApiKey,
  readBaseUrl,
  refuseBlank,
  refuseEndpointHeaders,
  requestReaders,
  serverAddress,
  vendorKey,
} from "./http/request-options.js";
export { type RetryAfterSource, retryAfterMs } from "./http/retry-after.js";
export { scopeOf } from "./http/scope.js";
export {
  type BufferedLogger,
  createBufferedLogger,
  type LoggerTimeLimit,
} from "./logger/buffered-logger.js";
export { withCheckedMappers } from "./logger/checked-mappers.js";
export { eventIdOf, type LoggerDedupe } from "./logger/event-id.js";
export type { LoggerFlushSummary } from "./logger/flush-summary.js";
export {
  HttpBatches,
  type HttpBatchesOptions,
  kindOfStatus,
  type StatusKind,
} from "./logger/http-batches.js";
export {
  type BufferedLoggerOptions,
  type LoggerErrorContext,
  type LoggerErrorStage,
  type ResolvedLoggerOptions,
  resolveLoggerOptions,
} from "./logger/options.js";
export {
  isPlainObject,
  type Json,
  type PlainCopy,
  type PlainObject,
  plainCopy,
  type Substitutes,
} from "./logger/plain-json.js";
export type { PlainEvent } from "./logger/prepare.js";
export type { LoggerDropReason, LoggerStats } from "./logger/stats.js";
export type { SubjectAttributeChoice } from "./logger/subject-attributes.js";
export {
  settleTrack,
  type TrackChanges,
  type TrackMessage,
  type TrackOptions,
} from "./logger/track.js";
export type { Attempts, RefusalReason, Settle, Vendor, VendorPlan } from "./logger/vendor.js";
export { createTrackLogger, createVendorLogger, type VendorParts } from "./logger/vendor-logger.js";
export type { Payload, PayloadItems, PayloadSet } from "./model/configuration.js";
export type {
  Dialect,
  DialectAddresses,
  Endpoint,
  EndpointContext,
  QueryParameter,
} from "./model/dialect.js";
export type { ExposureBase } from "./model/exposure.js";
export {
  type EvaluationObserver,
  hasUnknownKey,
  type ObservedFacts,
  observedEvaluation,
} from "./model/observed-evaluation.js";
export type { Steps } from "./model/steps.js";
export type { VendorAny } from "./model/vendor-any.js";
export { describeFault, findJsonFault, positionOf } from "./payload/json-fault.js";
export { isYaml } from "./payload/parse-json.js";
export { payloadOfItems } from "./payload/payload-of-items.js";
export { spliceFlag } from "./payload/splice-flag.js";
export { areEqualBytes } from "./runtime/bytes.js";
export { type Clock, createClock, type TimerOptions } from "./runtime/clock.js";
export {
  type DeadlineOptions,
  startDeadline,
  type TimedOutcome,
  withDeadline,
  within,
} from "./runtime/deadline.js";
export {
  consoleDiagnostics,
  type Diagnostics,
  type Facts,
  limitDiagnostics,
  reportOutage,
  SILENT_DIAGNOSTICS,
} from "./runtime/diagnostics.js";
export { type Digest, hostDigest } from "./runtime/digest.js";
export { type AbortSignalLike, parseUrl, runAfterOthers, type UrlLike } from "./runtime/host.js";
export { inspectAs } from "./runtime/inspect-as.js";
export { type Moment, momentAgo, msSince, type Readings } from "./runtime/moment.js";
export { type Observers, observersOf } from "./runtime/observers.js";
export { holdProcess, pause } from "./runtime/pause.js";
export { draw, hostRandom, type Random } from "./runtime/random.js";
export { readClock } from "./runtime/read-clock.js";
export { readDiagnostics } from "./runtime/read-diagnostics.js";
export { markRelease } from "./runtime/release.js";
export { retrying } from "./runtime/retrying.js";
export { runInSlices } from "./runtime/slices.js";
export { bytesOf, textOf } from "./runtime/text.js";
