export { cohortPart } from "./dialect/cohorts/cohort-parts.js";
export type { AmplitudeConfiguration } from "./dialect/configuration.js";
export { isAmplitudeConfiguration } from "./dialect/configuration.js";
export {
  DependencyCycleError,
  evaluateUser,
  type Results,
  toVariants,
  type Variant,
  type Variants,
} from "./dialect/evaluation/evaluate-user.js";
export { type AmplitudeOptions, amplitude } from "./dialect/factory.js";
export type { AmplitudeDetails } from "./dialect/trace.js";
export { type ExperimentUser, USER_FIELDS } from "./dialect/user.js";
export type { ServerZone } from "./dialect/zone.js";
export type { Tracked } from "./events/canonical.js";
export type { TrackingEvent } from "./events/events.js";
export { TrackingFilter } from "./events/filter.js";
export { assignmentToLog, exposuresToLog } from "./events/tracking.js";
