/** OpenFeature's standard reasons that this library gives. */
export type ResolutionReason =
  | "TARGETING_MATCH"
  | "SPLIT"
  | "DEFAULT"
  | "STATIC"
  | "DISABLED"
  | "STALE"
  | "ERROR";

/** OpenFeature's codes of failed evaluations. */
export type ResolutionErrorCode =
  | "PROVIDER_NOT_READY"
  | "FLAG_NOT_FOUND"
  | "PARSE_ERROR"
  | "TYPE_MISMATCH"
  | "TARGETING_KEY_MISSING"
  | "INVALID_CONTEXT"
  | "GENERAL";

/** Flat: members are absent rather than `null`. */
export type ResolutionMetadata = Record<string, string | number | boolean>;

/** An evaluation in OpenFeature's words. There is an `errorCode` exactly if the reason is `ERROR`. */
export interface Resolution<T> {
  readonly value: T;
  readonly reason: ResolutionReason;
  /** Key of the variation; absent without one. */
  readonly variant?: string;
  readonly errorCode?: ResolutionErrorCode;
  /** Contains no attribute value. */
  readonly errorMessage?: string;
  readonly flagMetadata?: ResolutionMetadata;
}
