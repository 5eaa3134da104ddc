import type { ConditionInterface } from "./condition/condition-interface.js";
import type { VendorAny } from "./vendor-any.js";

/** A range of bucket numbers: `start <= n < end`. */
export type VariationRange = [start: number, end: number];

/** What the payload says about one variation of an experiment. */
export interface VariationMeta {
  /** Reported instead of the index. */
  key?: string;
  name?: string;
  /** Holdouts: the user is counted, and the next rule decides the value. */
  passthrough?: boolean;
}

/** Users are let through if their bucket number is in one of the ranges. */
export interface Filter {
  /** Default: `id`. */
  attribute?: string;
  seed: string;
  /** 2, if the payload has none. */
  hashVersion: number;
  ranges: VariationRange[];
}

/** How a URL pattern is read. */
export type UrlTargetType = "regex" | "simple";

/** A pattern of pages where an experiment runs, or does not. */
export interface UrlTarget {
  include: boolean;
  type: UrlTargetType;
  pattern: string;
}

/** Names a saved group, in the condition `$savedGroup`. */
export interface SavedGroupReference {
  id: string;
  /** The attribute to look up, instead of the group's own. */
  attributeKey?: string;
}

/** A feature that another one depends on. */
export interface ParentConditionInterface {
  id: string;
  /** Tested against `{ value: <value of the feature> }`. */
  condition: ConditionInterface;
  /** Whether the whole feature is blocked if the condition fails, and not only the rule. */
  gate?: boolean;
}

/** Status of an experiment. */
export type ExperimentStatus = "draft" | "running" | "stopped";

/** What a contextual bandit chose for a user. */
export interface CBContext {
  /** -1: no context matched. */
  leafId: number;
  variationWeights: number[];
  banditVersion?: number;
}

/** An experiment: inline, of a rule, or of the payload's list. */
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
  /** 0 … 1; default: 1. */
  coverage?: number;
  /** Whether the user may take part. What it throws counts as no. */
  include?: () => boolean;
  /** Id, start and end. Ignored beside `filters`. */
  namespace?: [id: string, start: number, end: number];
  /** Index of the variation that every user in the experiment gets. */
  force?: number;
  /** Default: `id`. */
  hashAttribute?: string;
  /** Hashed if `hashAttribute` is empty and sticky buckets are used. */
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
  /** Key of the variation; its index, if it has none. */
  key: string;
  name?: string;
  /** The user's bucket number, 0 … 1. */
  bucket?: number;
  passthrough?: boolean;
  inExperiment: boolean;
  /** Whether the bucket number, or a sticky bucket, decided. Only such results are tracked. */
  hashUsed?: boolean;
  hashAttribute: string;
  hashValue: string;
  featureId: string | null;
  stickyBucketUsed?: boolean;
  leafId?: number;
  variationWeights?: number[];
  banditVersion?: number;
}

/** What decided the value of a feature. */
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
  /** Id of the rule that decided; empty if it has none. */
  ruleId: string;
  experiment?: Experiment<T>;
  experimentResult?: Result<T>;
}

/** A rule of a feature. The first one that applies decides. */
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
  /** Results of experiments that a server evaluated; tracked when the rule applies. */
  tracks?: { experiment: Experiment<T>; result: Result<T> }[];
  contextualBanditRef?: string;
  contextualVariations?: T[];
}

/** A feature of the payload. */
export interface FeatureDefinition<T = VendorAny> {
  defaultValue?: T;
  rules?: FeatureRule<T>[];
}

/** A saved group: a list of ids, or a list or a condition with a type. */
export type SavedGroupEntry =
  | (string | number)[]
  | { type: "list"; attributeKey: string; values: (string | number)[] }
  | { type: "condition"; condition: ConditionInterface };

/** Saved groups by id. */
export type SavedGroupsPayload = Record<string, SavedGroupEntry>;

/** Weights of variations by context. */
export interface ContextualBanditDefinition {
  banditVersion?: number;
  /** The first one whose condition holds is used. */
  contexts: { leafId: number; condition: Record<string, unknown>; weights: number[] }[];
}

/** Contextual bandits by reference. */
export type ContextualBanditDefinitions = Record<string, ContextualBanditDefinition>;

/** Sticky buckets of one value of one attribute. */
export interface StickyAssignmentsDocument {
  attributeName: string;
  attributeValue: string;
  /** `<experiment key>__<bucket version>` to the key of the variation. */
  assignments: Record<string, string>;
}
