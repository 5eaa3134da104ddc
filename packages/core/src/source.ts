export { CLIENT_OPTION_NAMES, checkClock } from "./client/options.js";
export { loadError } from "./configuration/load.js";
export type {
  ConfigurationOrigin,
  Failure,
  FailureClass,
  FetchResult,
  FollowListener,
  StreamStatus,
} from "./configuration/origin.js";
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
export { type LoadedPayloads, type PreparedAll, Subscribers } from "./configuration/subscribers.js";
export { OutageReporter } from "./delivery/outage-reporter.js";
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
export { messageOf } from "./errors/guard.js";
export { nearestName } from "./errors/nearest-name.js";
export {
  booleanOption,
  hintFor,
  integerOption,
  integerOptions,
  MAX_DELAY_MS,
  type OptionHints,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
  requireString,
} from "./errors/option-checks.js";
export { serverFaultHint } from "./errors/status-hint.js";
export { sha256 } from "./hash/sha256.js";
export type { Payload, PayloadSet } from "./model/configuration.js";
export type {
  Dialect,
  DialectAddresses,
  Endpoint,
  EndpointContext,
  QueryParameter,
} from "./model/dialect.js";
export type { Steps } from "./model/steps.js";
export { spliceFlag } from "./payload/splice-flag.js";
export { type Clock, createClock, type TimerOptions } from "./runtime/clock.js";
export {
  type Deadline,
  type DeadlineOptions,
  startDeadline,
  type TimedOutcome,
  type TimeLimit,
  withDeadline,
  within,
} from "./runtime/deadline.js";
export {
  type Diagnostics,
  type Facts,
  limitDiagnostics,
  reportOutage,
} from "./runtime/diagnostics.js";
export type { Digest } from "./runtime/digest.js";
export type { AbortSignalLike } from "./runtime/host.js";
export {
  createNap,
  holdProcess,
  type Nap,
  type PauseOptions,
  pause,
} from "./runtime/pause.js";
export { draw, type Random } from "./runtime/random.js";
export { type Retries, retrying } from "./runtime/retrying.js";
export { runInSlices } from "./runtime/slices.js";
