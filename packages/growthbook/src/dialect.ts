export {
  type GrowthbookConfiguration,
  isGrowthbookConfiguration,
} from "./dialect/configuration.js";
export type { Decrypter } from "./dialect/decrypt.js";
export type { GrowthbookDetails } from "./dialect/details.js";
export { type GrowthbookDialect, growthbook } from "./dialect/dialect.js";
export type { GrowthbookOptions } from "./dialect/options.js";
export type {
  CBContext,
  ConditionInterface,
  Experiment,
  ExperimentStatus,
  FeatureResult,
  FeatureResultSource,
  Filter,
  ParentConditionInterface,
  Result,
  UrlTarget,
  UrlTargetType,
  VariationMeta,
  VariationRange,
} from "./dialect/wire.js";
