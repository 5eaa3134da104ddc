export { cohortPart } from "./dialect/cohort-parts.js";
export type { AmplitudeConfiguration } from "./dialect/configuration.js";
export { isAmplitude as isAmplitudeConfiguration } from "./dialect/configuration.js";
export { type AmplitudeOptions, amplitude } from "./dialect/dialect.js";
export {
  DependencyCycleError,
  evaluateUser,
  type Results,
  toVariants,
  type Variant,
  type Variants,
} from "./dialect/evaluate-user.js";
export type { AmplitudeDetails } from "./dialect/trace.js";
export { type ExperimentUser, USER_FIELDS } from "./dialect/user.js";
export type { ServerZone } from "./dialect/zone.js";
/** @deprecated Import it from `@sortition/amplitude/explain`. */
export { amplitudeExplainer, explainForUser } from "./explain/explainer.js";
export type { Tracked } from "./tracking/canonical.js";
export type { TrackingEvent } from "./tracking/events.js";
export { TrackingFilter } from "./tracking/filter.js";
export { assignmentToLog, exposuresToLog } from "./tracking/tracking.js";
