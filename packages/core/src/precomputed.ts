export type { Overrides } from "./client/overrides.js";
export type { PayloadContent } from "./configuration/received.js";
export {
  createPrecomputedClient,
  type PrecomputedClientOptions,
} from "./create-precomputed-client.js";
export type { AssignmentLogger } from "./delivery/assignment-logger.js";
export type {
  PrecomputedBanditResult,
  PrecomputedClient,
  PrecomputedFlushResult,
  PrecomputedStatus,
} from "./eppo/precomputed/client.js";
export type { PrecomputedCounters } from "./eppo/precomputed/exposures.js";
export { DecodeError, EvaluationError, OptionError, SortitionError } from "./errors/errors.js";
export type { AssignmentEvent, BanditEvent } from "./model/exposure.js";
export type { EvaluationObserver, ObservedEvaluation } from "./model/observed-evaluation.js";
export type { Override } from "./model/override.js";
export type { Clock } from "./runtime/clock.js";
export { consoleDiagnostics, type Diagnostics } from "./runtime/diagnostics.js";
