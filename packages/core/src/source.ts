export { CLIENT_OPTION_NAMES, checkClock } from "./client/options.js";
export { loadError } from "./configuration/load.js";
export type {
  ConfigurationOrigin,
  Failure,
  FailureClass,
  FetchResult,
} from "./configuration/origin.js";
export type {
  ConfigurationSource,
  OfferResult,
  PreparedUpdate,
  RefreshOutcome,
  SourceAge,
  SourceContext,
  SourceSink,
  Subscription,
} from "./configuration/source.js";
export { messageOf } from "./errors/guard.js";
export {
  booleanOption,
  integerOption,
  rejectUnknownOptions,
  requireMethods,
} from "./errors/option-checks.js";
export { sha256 } from "./hash/sha256.js";
export type { Payload, PayloadSet } from "./model/configuration.js";
export type { Dialect, Endpoint, EndpointContext, QueryParameter } from "./model/dialect.js";
export { createClock } from "./runtime/clock.js";
export type { Digest } from "./runtime/digest.js";
export { runInSlices } from "./runtime/slices.js";
