/** A value that an attribute may have. */
export type Scalar = string | number | boolean;

/** How a number or a version is compared. */
export type Order = "gt" | "gte" | "lt" | "lte";

/** A test of one attribute. The format decides the result for a subject without the attribute. */
export type Test =
  | { readonly kind: "one-of" | "none-of"; readonly values: readonly Scalar[] }
  | { readonly kind: Order; readonly value: number | string }
  | { readonly kind: "matches" | "does-not-match"; readonly pattern: string }
  | { readonly kind: "present" | "absent" };

/** Type of a flag. In formats without types, it decides how the values of the variations are written. */
export type FlagType = "boolean" | "string" | "integer" | "number" | "json";

/** A JSON value. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** Shares of the subjects, by variation. */
export interface Split {
  readonly kind: "split";
  /** Percentages, in the given order. */
  readonly shares: readonly { readonly variation: string; readonly percent: number }[];
  /** Whether the split is an experiment, which logs exposures. Otherwise it is a rollout. */
  readonly isExperiment: boolean;
}

/** A split with its place among the hashes, which LaunchDarkly's and Statsig's formats ignore. */
export interface HashedSplit extends Split {
  /** What is hashed with each subject; PostHog hashes the flag's key. Default: the keys of the flag and the rule. */
  readonly salt?: string | undefined;
  /** Percentage of the subjects that take part, among whom the shares add up to 100. Eppo's format hashes twice. */
  readonly traffic?: number | undefined;
}

/** Outcome of a rule: one variation for all subjects, or a split. */
export type Outcome = { readonly kind: "give"; readonly variation: string } | HashedSplit;

/** A rule, which applies to a subject if all its conditions match. */
export interface Rule {
  /** Key of its allocation, segment or experiment. Default: `rule-` and its number. */
  readonly name?: string | undefined;
  readonly conditions: readonly { readonly attribute: string; readonly test: Test }[];
  /** Keys of the subjects that the rule applies to; `null` for all subjects. */
  readonly subjects: readonly string[] | null;
  readonly outcome: Outcome;
}

/** State of a flag. The payload contains `malformed` and `disabled` flags, but not `missing` ones. */
export type FlagState = "active" | "disabled" | "malformed" | "missing";

/** A flag as the builder describes it, before a writer converts it to a vendor's format. */
export interface FlagDefinition {
  readonly key: string;
  readonly type: FlagType;
  readonly state: FlagState;
  /** Values by key. */
  readonly variations: ReadonlyMap<string, Json>;
  /** Rules, in the order in which they are evaluated. */
  readonly rules: readonly Rule[];
  /** Outcome for subjects that no rule applies to; `null` if they get the caller's default. */
  readonly otherwise: Outcome | null;
}

/** A bandit with its flag. */
export interface BanditDefinition {
  readonly key: string;
  /** Probabilities, by action. */
  readonly actions: ReadonlyMap<string, number>;
}
