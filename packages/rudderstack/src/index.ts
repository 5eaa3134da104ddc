export type {
  BufferedLogger,
  BufferedLoggerOptions,
  LoggerDedupe,
  LoggerDropReason,
  LoggerErrorContext,
  LoggerErrorStage,
  LoggerFlushSummary,
  LoggerStats,
  LoggerTimeLimit,
  SubjectAttributeChoice,
  TrackChanges,
  TrackOptions,
} from "@sortition/core/internal";
export type { RudderAnalytics } from "./borrowed.js";
export {
  type BorrowedRudderstack,
  type OwnedRudderstack,
  type RudderstackLoggerOptions,
  rudderstackLogger,
} from "./logger.js";
