export {
  type BatchDropReason,
  type BatchPorts,
  BatchSender,
  type BatchSenderOptions,
  type BatchStats,
  type SendResult,
} from "./delivery/batch-sender.js";
export { Deduplicator } from "./delivery/deduplicator.js";
export { isThenable } from "./errors/guard.js";
export { namesOf } from "./errors/names-of.js";
export { OncePerCause, type OncePerCauseOptions } from "./errors/once-per-cause.js";
export { type UnknownOption, unknownOptions } from "./errors/option-checks.js";
export type { Sdk } from "./events/event-metadata.js";
export type { ExposureContext } from "./events/exposure-context.js";
export type { ExposureOutcome } from "./events/exposure-outcome.js";
export type { FlushResult } from "./events/flush.js";
export { checkLoggers, type Loggers } from "./events/loggers.js";
export { isPlainObject, type Json, type PlainObject, plainCopy } from "./logger/plain-json.js";
export type { ExposureBase } from "./model/exposure.js";
export type { VendorAny } from "./model/vendor-any.js";
export { SILENT_DIAGNOSTICS } from "./runtime/diagnostics.js";
export { inspectAs } from "./runtime/inspect-as.js";
