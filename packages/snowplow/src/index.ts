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
} from "@sortition/core/internal";
export {
  type BorrowedSnowplow,
  type OwnedSnowplow,
  type SnowplowLoggerOptions,
  snowplowLogger,
} from "./logger.js";
export type { SnowplowChanges, SnowplowEventOptions } from "./message.js";
export type { SelfDescribingJson } from "./payload.js";
export { type IgluSchema, igluSchemas } from "./schemas.js";
export type { SnowplowTracker } from "./track.js";
