/** A flag in the server's answer to a request for flags. */
export interface FeatureFlag {
  readonly key: string;
  readonly enabled: boolean;
  readonly variant?: string | null | undefined;
  readonly reason?: FeatureFlagReason | null | undefined;
  readonly metadata?: FeatureFlagMetadata | null | undefined;
}

/** Why the server gave a flag its value. */
export interface FeatureFlagReason {
  readonly code?: string | undefined;
  readonly condition_index?: number | null | undefined;
  readonly description?: string | null | undefined;
}

/** The server's answer about a flag, besides its value. */
export interface FeatureFlagMetadata {
  readonly id?: number | undefined;
  readonly version?: number | undefined;
  /** JSON, as a string. */
  readonly payload?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly has_experiment?: boolean | undefined;
}
