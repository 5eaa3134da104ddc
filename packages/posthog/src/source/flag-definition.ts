import type { EvaluationRuntime } from "../dialect/flag-wire.js";

/** The value with which a property is compared. */
export type FlagPropertyValue = string | number | (string | number)[] | boolean;

/** A condition on a property, a cohort or another flag. */
export type FlagProperty = {
  key: string;
  type?: string;
  value: FlagPropertyValue;
  operator?: string;
  negation?: boolean;
  dependency_chain?: string[];
};

/** Conditions of a cohort. */
export type PropertyGroup = {
  type: "AND" | "OR";
  values: PropertyGroup[] | FlagProperty[];
};

/** A condition group of a flag. */
export type FeatureFlagCondition = {
  properties: FlagProperty[];
  rollout_percentage?: number;
  variant?: string;
  aggregation_group_type_index?: number | null;
};

/** The identifier by which a person is hashed. */
export type FeatureFlagBucketingIdentifier = "distinct_id" | "device_id" | "" | null;

/** A flag definition according to the vendor's types. The dialect validates what the server actually sends. */
export type PostHogFeatureFlag = {
  id: number;
  name: string;
  key: string;
  bucketing_identifier?: FeatureFlagBucketingIdentifier;
  filters?: {
    aggregation_group_type_index?: number;
    groups?: FeatureFlagCondition[];
    multivariate?: { variants: { key: string; rollout_percentage: number }[] };
    payloads?: Record<string, string>;
    holdout?: { id: number; exclusion_percentage: number } | null;
    early_exit?: boolean;
  };
  deleted: boolean;
  active: boolean;
  rollout_percentage: null | number;
  ensure_experience_continuity: boolean;
  experiment_set: number[];
  has_experiment?: boolean;
  evaluation_contexts?: string[];
  evaluation_tags?: string[];
  evaluation_runtime?: EvaluationRuntime | null;
};
