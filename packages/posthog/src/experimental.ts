/** @deprecated Import these types from `@sortition/posthog`. */
export type {
  FlagDefinitionCacheData,
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "./source/flag-definition-cache.js";
