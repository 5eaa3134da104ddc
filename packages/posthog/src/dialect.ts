export {
  type FlagCall,
  flagCalledProperties,
  localCall,
  minimalProperties,
} from "./dialect/called-event.js";
export type { UnresolvedReason } from "./dialect/condition/tri.js";
export {
  isPosthogConfiguration as isPosthog,
  type PosthogConfiguration,
} from "./dialect/configuration.js";
export type { DecidedBy } from "./dialect/evaluation/outcome.js";
export type { PosthogExtras } from "./dialect/extras.js";
export { type PosthogDialect, type PosthogOptions, posthog } from "./dialect/factory.js";
export type { ServedFlag } from "./dialect/served-flag.js";
export type { PosthogDetails } from "./dialect/trace.js";
