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
export { CLIENT_HINTS, clientReaders, refusePart } from "./client/options.js";
export { withAwaitHints, withMethodHints } from "./client/promised-client.js";
export { readWithExposures } from "./client/read-with-exposures.js";
export { flattened } from "./conditions/bandit-subject.js";
export { loadConfiguration, loadError } from "./configuration/load.js";
export { compileReceived, loadReceived, receive } from "./configuration/received.js";
export { reportMissingPart } from "./configuration/report-missing-part.js";
export { areSamePayloads } from "./configuration/same-payloads.js";
export { type PreparedAll, Subscribers } from "./configuration/subscribers.js";
export { CUT_OFF, certificateHint, UNREACHABLE } from "./delivery/network-code.js";
export { isRefusalStatus, type Refusal, sendInParts } from "./delivery/parts.js";
export { type Book, callWithBook } from "./delivery/receipt.js";
export { DOCUMENTATION_URL } from "./errors/documentation-url.js";
export { errorFacts, httpStatusOf } from "./errors/errors.js";
export { isPromise, isThenable, keyName, memberName, messageOf } from "./errors/guard.js";
export { keyFault, soundKey } from "./errors/key-fault.js";
export { namesOf } from "./errors/names-of.js";
export { nearestName, otherSpelling, relatedNames } from "./errors/nearest-name.js";
export {
  booleanOption,
  explainedOn,
  hintFor,
  hintsOn,
  integerOption,
  MAX_DELAY_MS,
  optionList,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
  requireOptions,
  requireString,
  shareAdvice,
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
export { checkLoggers } from "./events/loggers.js";
export type { PlainExposure } from "./events/plain-exposure.js";
export { createExplainingClient, type ExplainingClient } from "./explaining-client.js";
export { concatenated } from "./hash/concatenated.js";
export { parseBaseUrl } from "./http/base-url.js";
export { errorFailure, isTransientStatus, transientFailure } from "./http/failure.js";
export { fetchParts, isOkWithBody } from "./http/fetch-parts.js";
export type { PartMessage } from "./http/part.js";
export { MAX_REDIRECTS, redirectTarget } from "./http/redirect.js";
export { RenewedEtags } from "./http/renewed-etags.js";
export {
  type CheckedRequestOptions,
  readAnyKey,
  readApiKey,
  readBaseUrl,
  refuseBlank,
  refuseEndpointHeaders,
  requestReaders,
  serverAddress,
  vendorKey,
} from "./http/request-options.js";
export { isRuntimeFetch } from "./http/runtime-fetch.js";
export { scopeOf } from "./http/scope.js";
export * from "./kit.js";
export { withCheckedMappers } from "./logger/checked-mappers.js";
export {
  HttpBatches,
  type HttpBatchesOptions,
  kindOfStatus,
  type StatusKind,
} from "./logger/http-batches.js";
export type { OwnedSettings } from "./logger/options.js";
export { isPlainObject, plainObject } from "./logger/plain-json.js";
export { changesOf, settleTrack } from "./logger/track.js";
export {
  type EvaluationObserver,
  hasUnknownKey,
  type ObservedFacts,
  observedEvaluation,
} from "./model/observed-evaluation.js";
export { describeFault, findJsonFault, positionOf } from "./payload/json-fault.js";
export { isYaml } from "./payload/parse-json.js";
export { spliceFlag } from "./payload/splice-flag.js";
export { areEqualBytes } from "./runtime/bytes.js";
export {
  type DeadlineOptions,
  startDeadline,
  type TimedOutcome,
  withDeadline,
  within,
} from "./runtime/deadline.js";
export { limitDiagnostics, reportOutage } from "./runtime/diagnostics.js";
export { hostDigest } from "./runtime/digest.js";
export { parseUrl, runAfterOthers, serverOf } from "./runtime/host.js";
export { inspectAs } from "./runtime/inspect-as.js";
export { type Moment, momentAgo, msSince, type Readings } from "./runtime/moment.js";
export { type Observers, observersOf } from "./runtime/observers.js";
export { holdProcess, pause } from "./runtime/pause.js";
export { draw, hostRandom } from "./runtime/random.js";
export { readClock } from "./runtime/read-clock.js";
export { readDiagnostics } from "./runtime/read-diagnostics.js";
export { markRelease, type Release } from "./runtime/release.js";
export { retrying } from "./runtime/retrying.js";
export { runInSlices } from "./runtime/slices.js";
export { bytesOf, textOf, utf16Problem } from "./runtime/text.js";
export { Timer } from "./runtime/timer.js";
