/** The standard OpenFeature reasons that this library returns. */
export type ResolutionReason =
  | "TARGETING_MATCH"
  | "SPLIT"
  | "DEFAULT"
  | "STATIC"
  | "DISABLED"
  | "STALE"
  | "ERROR";

/** The OpenFeature error codes that this library returns. */
export type ResolutionErrorCode =
  | "PROVIDER_NOT_READY"
  | "FLAG_NOT_FOUND"
  | "PARSE_ERROR"
  | "TYPE_MISMATCH"
  | "TARGETING_KEY_MISSING"
  | "INVALID_CONTEXT"
  | "GENERAL";

/** Flat metadata. Members without a value are absent, never `null`. */
export type ResolutionMetadata = Record<string, string | number | boolean>;

/** An evaluation in OpenFeature's terms. It has an `errorCode` if and only if the reason is `ERROR`. */
export interface Resolution<T> {
  readonly value: T;
  readonly reason: ResolutionReason;
  /** Key of the variation; absent if no variation was assigned. */
  readonly variant?: string;
  readonly errorCode?: ResolutionErrorCode;
  /** Never contains attribute values. */
  readonly errorMessage?: string;
  readonly flagMetadata?: ResolutionMetadata;
}
