export type { ExternalRead } from "./dialect/condition/condition.js";
export { isStatsig, type StatsigContent as StatsigConfiguration } from "./dialect/configuration.js";
export type { StatsigLookups } from "./dialect/evaluation/lookups.js";
export type { StatsigExtras, StatsigUser } from "./dialect/evaluation/user.js";
export {
  type StatsigDialect,
  type StatsigLegacyDialect,
  type StatsigOptions,
  statsig,
  statsigLegacy,
} from "./dialect/factory.js";
export type { StatsigDetails, StatsigReason } from "./dialect/trace.js";
