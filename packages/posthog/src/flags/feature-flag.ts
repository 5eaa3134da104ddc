/** A flag in the server's response to a flag request. */
export interface FeatureFlag {
  readonly key: string;
  readonly enabled: boolean;
  readonly variant?: string | null | undefined;
  readonly reason?: FeatureFlagReason | null | undefined;
  readonly metadata?: FeatureFlagMetadata | null | undefined;
}

/** Why the server assigned this value. */
export interface FeatureFlagReason {
  readonly code?: string | undefined;
  readonly condition_index?: number | null | undefined;
  readonly description?: string | null | undefined;
}

/** The server's information about a flag, in addition to its value. */
export interface FeatureFlagMetadata {
  readonly id?: number | undefined;
  readonly version?: number | undefined;
  /** A JSON string. */
  readonly payload?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly has_experiment?: boolean | undefined;
}
