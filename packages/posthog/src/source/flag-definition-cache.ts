import type { PostHogFeatureFlag, PropertyGroup } from "./flag-definition.js";
import type { JsonType } from "./json.js";

/** Flag definitions in the cache of several workers. Both spellings of each name are written. */
export interface FlagDefinitionCacheData {
  flags: PostHogFeatureFlag[];
  group_type_mapping?: Record<string, string>;
  groupTypeMapping: Record<string, string>;
  cohorts: Record<string, PropertyGroup>;
  minimal_flag_called_events?: boolean;
  minimalFlagCalledEvents?: boolean;
  property_matching_version?: number;
  propertyMatchingVersion?: number;
}

/** Definitions that a cache returns. One spelling of each name is sufficient. */
export type FlagDefinitionCacheInput =
  | FlagDefinitionCacheData
  | (Omit<FlagDefinitionCacheData, "groupTypeMapping"> & {
      group_type_mapping: Record<string, string>;
      groupTypeMapping?: Record<string, string>;
    });

/**
 * Shares flag definitions between workers. Each method may be synchronous and may throw. Errors are reported and never
 * reach an evaluation.
 */
export interface FlagDefinitionCacheProvider<
  CacheData extends FlagDefinitionCacheInput = FlagDefinitionCacheData,
> {
  /** Returns the cached definitions, or `undefined` if there are none. */
  getFlagDefinitions(): Promise<CacheData | undefined> | CacheData | undefined;
  /** Returns whether this worker requests definitions. Called before each poll if there is a secret key. */
  shouldFetchFlagDefinitions(): Promise<boolean> | boolean;
  /** Stores definitions that this worker received. */
  onFlagDefinitionsReceived(data: FlagDefinitionCacheData): Promise<void> | void;
  /** Releases resources of the worker, e.g. a lock. */
  shutdown(): Promise<void> | void;
}

type Body = Readonly<Record<string, JsonType | undefined>>;

/** Returns the cache data for a response body. */
export function cacheDataOf(body: Body): FlagDefinitionCacheData {
  const groupTypes = (body["group_type_mapping"] || {}) as Record<string, string>;
  const isMinimal = body["minimal_flag_called_events"] === true;
  // `undefined` if the server sends none. The vendor's caches receive these names in any case.
  const version = body["property_matching_version"] as number;
  return {
    // The dialect validates the flags later.
    flags: (body["flags"] ?? []) as unknown as PostHogFeatureFlag[],
    group_type_mapping: groupTypes,
    cohorts: (body["cohorts"] || {}) as unknown as Record<string, PropertyGroup>,
    minimal_flag_called_events: isMinimal,
    property_matching_version: version,
    propertyMatchingVersion: version,
    groupTypeMapping: groupTypes,
    minimalFlagCalledEvents: isMinimal,
  };
}

/** Returns the response body for cached definitions. */
export function bodyOf(data: FlagDefinitionCacheInput): object {
  return {
    flags: data.flags,
    group_type_mapping: data.group_type_mapping ?? data.groupTypeMapping ?? {},
    cohorts: data.cohorts,
    minimal_flag_called_events: data.minimal_flag_called_events ?? data.minimalFlagCalledEvents,
    property_matching_version: data.property_matching_version ?? data.propertyMatchingVersion,
  };
}
