import type { PostHogFeatureFlag, PropertyGroup } from "./flag-definition.js";
import type { JsonType } from "./json.js";

/** Flag definitions, as a cache of several workers holds them. Both spellings of each name are written. */
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

/** What a cache returns: one spelling of each name is enough. */
export type FlagDefinitionCacheInput =
  | FlagDefinitionCacheData
  | (Omit<FlagDefinitionCacheData, "groupTypeMapping"> & {
      group_type_mapping: Record<string, string>;
      groupTypeMapping?: Record<string, string>;
    });

/**
 * Shares flag definitions among workers. Each method may be synchronous, and may throw: errors are reported, and never reach an evaluation.
 */
export interface FlagDefinitionCacheProvider<
  CacheData extends FlagDefinitionCacheInput = FlagDefinitionCacheData,
> {
  /** The cached definitions, `undefined` if there are none. */
  getFlagDefinitions(): Promise<CacheData | undefined> | CacheData | undefined;
  /** Whether this worker requests definitions. Called before each poll, if there is a secret key. */
  shouldFetchFlagDefinitions(): Promise<boolean> | boolean;
  /** Stores definitions that this worker received. */
  onFlagDefinitionsReceived(data: FlagDefinitionCacheData): Promise<void> | void;
  /** Releases what the worker holds, e.g. a lock. */
  shutdown(): Promise<void> | void;
}

type Body = Readonly<Record<string, JsonType | undefined>>;

/** What is stored of a body that the server sent. */
export function cacheDataOf(body: Body): FlagDefinitionCacheData {
  const groupTypes = (body["group_type_mapping"] || {}) as Record<string, string>;
  const isMinimal = body["minimal_flag_called_events"] === true;
  // `undefined` if the server sends none: the vendor's caches receive the names in any case.
  const version = body["property_matching_version"] as number;
  return {
    // What the server sent; the dialect decodes it.
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

/** The body that corresponds to cached definitions. */
export function bodyOf(data: FlagDefinitionCacheInput): object {
  return {
    flags: data.flags,
    group_type_mapping: data.group_type_mapping ?? data.groupTypeMapping ?? {},
    cohorts: data.cohorts,
    minimal_flag_called_events: data.minimal_flag_called_events ?? data.minimalFlagCalledEvents,
    property_matching_version: data.property_matching_version ?? data.propertyMatchingVersion,
  };
}
