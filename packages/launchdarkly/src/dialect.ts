export {
  isLaunchdarkly,
  type LaunchdarklyContent as LaunchdarklyConfiguration,
} from "./dialect/configuration.js";
export type {
  BigSegmentLookup,
  BigSegmentMemberships,
} from "./dialect/evaluation/evaluation-call.js";
export type { LaunchdarklyErrorKind, LaunchdarklyReason } from "./dialect/evaluation/reason.js";
export type { LaunchdarklyExtras } from "./dialect/extras.js";
export {
  type LaunchdarklyDialect,
  type LaunchdarklyOptions,
  launchdarkly,
} from "./dialect/factory.js";
export type { LaunchdarklyDetails } from "./dialect/trace.js";
