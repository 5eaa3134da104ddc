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
export type { SegmentAnalytics } from "./borrowed.js";
export {
  type BorrowedSegment,
  type OwnedSegment,
  type SegmentLoggerOptions,
  segmentLogger,
} from "./logger.js";
