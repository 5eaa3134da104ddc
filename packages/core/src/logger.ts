export { CallbackError, OptionError } from "./errors/errors.js";
export {
  booleanOption,
  delayOption,
  integerOption,
  requireFunction,
  requireMethods,
  requireText,
} from "./errors/option-checks.js";
export { type AbortableFetch, abortableFetch } from "./logger/abortable-fetch.js";
export {
  type BufferedLogger,
  createBufferedLogger,
  type LoggerTimeLimit,
} from "./logger/buffered-logger.js";
export { eventIdOf, type LoggedEvent } from "./logger/event-id.js";
export type { LoggerFlushSummary } from "./logger/flush-window.js";
export {
  type BufferedLoggerOptions,
  type LoggerErrorContext,
  type LoggerErrorStage,
  type ResolvedLoggerOptions,
  resolveLoggerOptions,
} from "./logger/options.js";
export {
  isJsonObject,
  type Json,
  type JsonObject,
  type PlainCopy,
  plainCopy,
} from "./logger/plain-json.js";
export type { PlainEvent } from "./logger/prepare.js";
export type { OverflowPolicy } from "./logger/ring-buffer.js";
export type { LoggerDropReason, LoggerStats } from "./logger/stats.js";
export type { SubjectAttributeChoice } from "./logger/subject-attributes.js";
export {
  settleTrack,
  TRACK_OPTION_NAMES,
  type TrackChanges,
  type TrackMessage,
  type TrackOptions,
  trackMessage,
} from "./logger/track.js";
export type { Settle, Vendor, VendorPlan } from "./logger/vendor.js";
