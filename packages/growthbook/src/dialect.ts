export {
  type GrowthbookConfiguration,
  isGrowthbookConfiguration,
} from "./dialect/configuration.js";
export type { Decrypter } from "./dialect/decryption/decrypt.js";
export {
  evaluateAutoExperiments,
  evaluateExperiment,
  evaluateFeature,
  type GrowthbookUser,
  stickyAttributes,
} from "./dialect/evaluate-user.js";
export type { StickyBuckets } from "./dialect/evaluation/sticky-buckets.js";
export { type GrowthbookDialect, growthbook } from "./dialect/factory.js";
export type { GrowthbookOptions } from "./dialect/options.js";
export type { GrowthbookDetails } from "./dialect/trace.js";
export type {
  CBContext,
  Experiment,
  ExperimentStatus,
  FeatureResult,
  FeatureResultSource,
  Filter,
  ParentConditionInterface,
  Result,
  StickyAssignmentsDocument,
  UrlTarget,
  UrlTargetType,
  VariationMeta,
  VariationRange,
} from "./dialect/wire.js";
