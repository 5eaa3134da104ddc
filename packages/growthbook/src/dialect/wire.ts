import type { ConditionInterface } from "./condition/condition-interface.js";
import type { VendorAny } from "./vendor-any.js";

/** A range of bucket numbers: `start <= n < end`. */
export type VariationRange = [start: number, end: number];

/** Metadata of one variation of an experiment. */
export interface VariationMeta {
  /** Reported instead of the variation's index. */
  key?: string;
  name?: string;
  /** Used for holdouts: the exposure is tracked, and the next rule decides the value. */
  passthrough?: boolean;
}

/** Lets users pass whose bucket number is in one of the ranges. */
export interface Filter {
  /** Default: `id`. */
  attribute?: string;
  seed: string;
  /** 2 if the payload has none. */
  hashVersion: number;
  ranges: VariationRange[];
}

/** The syntax of a URL pattern. */
export type UrlTargetType = "regex" | "simple";

/** A pattern of pages on which an experiment runs or does not run. */
export interface UrlTarget {
  include: boolean;
  type: UrlTargetType;
  pattern: string;
}

/** Refers to a saved group, in the condition `$savedGroup`. */
export interface SavedGroupReference {
  id: string;
  /** The attribute to look up instead of the group's own. */
  attributeKey?: string;
}

/** A prerequisite of a feature or an experiment. */
export interface ParentConditionInterface {
  id: string;
  /** Tested against `{ value: <value of the feature> }`. */
  condition: ConditionInterface;
  /** If `true`, a failed condition blocks the whole feature, not only the rule. */
  gate?: boolean;
}

/** Status of an experiment. */
export type ExperimentStatus = "draft" | "running" | "stopped";

/** The choice of a contextual bandit for a user. */
export interface CBContext {
  /** -1 if no context matched. */
  leafId: number;
  variationWeights: number[];
  banditVersion?: number;
}

/** An experiment in code, in a rule, or in the payload's list. */
export interface Experiment<T> {
  key: string;
  variations: [T, T, ...T[]];
  ranges?: VariationRange[];
  meta?: VariationMeta[];
  filters?: Filter[];
  seed?: string;
  name?: string;
  phase?: string;
  urlPatterns?: UrlTarget[];
  weights?: number[];
  condition?: ConditionInterface;
  parentConditions?: ParentConditionInterface[];
  /** Share of users to include, 0 … 1. Default: 1. */
  coverage?: number;
  /** Returns whether the user may take part. If it throws, the user is excluded. */
  include?: () => boolean;
  /** Id, start and end. Ignored if there are `filters`. */
  namespace?: [id: string, start: number, end: number];
  /** Index of the variation for all users in the experiment. */
  force?: number;
  /** Default: `id`. */
  hashAttribute?: string;
  /** Attribute to hash if `hashAttribute` is empty and sticky buckets are used. */
  fallbackAttribute?: string;
  /** Default: 1. */
  hashVersion?: number;
  disableStickyBucketing?: boolean;
  bucketVersion?: number;
  minBucketVersion?: number;
  active?: boolean;
  persistQueryString?: boolean;
  contextualBandit?: CBContext;
  status?: ExperimentStatus;
  url?: RegExp;
  groups?: string[];
}

/** Outcome of an experiment for one user. */
export interface Result<T> {
  value: T;
  variationId: number;
  /** Key of the variation, or its index if it has none. */
  key: string;
  name?: string;
  /** The user's bucket number, from 0 to 1. */
  bucket?: number;
  passthrough?: boolean;
  inExperiment: boolean;
  /** Whether a bucket number or a sticky bucket decided. Only such results are tracked. */
  hashUsed?: boolean;
  hashAttribute: string;
  hashValue: string;
  featureId: string | null;
  stickyBucketUsed?: boolean;
  leafId?: number;
  variationWeights?: number[];
  banditVersion?: number;
}

/** The source of a feature's value. */
export type FeatureResultSource =
  | "unknownFeature"
  | "defaultValue"
  | "force"
  | "override"
  | "experiment"
  | "prerequisite"
  | "cyclicPrerequisite";

/** Outcome of a feature for one user. */
export interface FeatureResult<T = VendorAny> {
  value: T | null;
  source: FeatureResultSource;
  /** Whether the value is truthy. */
  on: boolean;
  off: boolean;
  /** Id of the rule that decided. Empty if it has none. */
  ruleId: string;
  experiment?: Experiment<T>;
  experimentResult?: Result<T>;
}

/** A rule of a feature. The first rule that applies is used. */
export interface FeatureRule<T = VendorAny> {
  id?: string;
  condition?: ConditionInterface;
  parentConditions?: ParentConditionInterface[];
  force?: T;
  variations?: T[];
  weights?: number[];
  key?: string;
  hashAttribute?: string;
  fallbackAttribute?: string;
  hashVersion?: number;
  disableStickyBucketing?: boolean;
  bucketVersion?: number;
  minBucketVersion?: number;
  range?: VariationRange;
  coverage?: number;
  namespace?: [id: string, start: number, end: number];
  ranges?: VariationRange[];
  meta?: VariationMeta[];
  filters?: Filter[];
  seed?: string;
  name?: string;
  phase?: string;
  /** Results of experiments that a server evaluated. They are tracked when the rule applies. */
  tracks?: { experiment: Experiment<T>; result: Result<T> }[];
  contextualBanditRef?: string;
  contextualVariations?: T[];
}

/** A feature of the payload. */
export interface FeatureDefinition<T = VendorAny> {
  defaultValue?: T;
  rules?: FeatureRule<T>[];
}

/** A saved group: a list of ids, or a typed list or condition. */
export type SavedGroupEntry =
  | (string | number)[]
  | { type: "list"; attributeKey: string; values: (string | number)[] }
  | { type: "condition"; condition: ConditionInterface };

/** Saved groups by id. */
export type SavedGroupsPayload = Record<string, SavedGroupEntry>;

/** Weights of the variations by context. */
export interface ContextualBanditDefinition {
  banditVersion?: number;
  /** The first context whose condition matches is used. */
  contexts: { leafId: number; condition: Record<string, unknown>; weights: number[] }[];
}

/** Contextual bandits by reference. */
export type ContextualBanditDefinitions = Record<string, ContextualBanditDefinition>;

/** Sticky buckets of one attribute value. */
export interface StickyAssignmentsDocument {
  attributeName: string;
  attributeValue: string;
  /** Maps `<experiment key>__<bucket version>` to the key of the variation. */
  assignments: Record<string, string>;
}
