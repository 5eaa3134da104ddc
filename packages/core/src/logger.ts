export type {
  AssignmentLogger,
  LoggerDeadline,
  PendingAssignment,
  PendingLogging,
} from "./delivery/assignment-logger.js";
export { Backoff } from "./delivery/backoff.js";
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
export {
  type Ending,
  type FlushCounts,
  type FlushWindow,
  FlushWindows,
} from "./delivery/flush-window.js";
export type { EventKind, LoggedEvent } from "./delivery/logged-event.js";
export { messageId } from "./delivery/message-id.js";
export { OutageReporter } from "./delivery/outage-reporter.js";
export { estimateBytes } from "./delivery/size-estimate.js";
export { Tally } from "./delivery/tally.js";
export { CallbackError, HttpStatusError, OptionError } from "./errors/errors.js";
export {
  booleanOption,
  delayOption,
  integerOption,
  integerOptions,
  requireFunction,
  requireMethods,
  requireString,
} from "./errors/option-checks.js";
export {
  type AbortableFetch,
  type AbortableFetchOptions,
  abortableFetch,
} from "./logger/abortable-fetch.js";
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
  trackMessage,
} from "./logger/track.js";
export type { Attempts, RefusalReason, Settle, Vendor, VendorPlan } from "./logger/vendor.js";
export {
  createTrackLogger,
  createVendorLogger,
  type VendorParts,
} from "./logger/vendor-logger.js";
