import type { Scope } from "@sortition/core/dialect";
import type { CompiledCondition } from "../condition/compiled.js";
import type { Membership } from "../condition/membership.js";
import type { MalformedError } from "../malformed.js";
import type { FeatureResult } from "../wire.js";
import type { ObservedOutcome } from "./experiment/outcome.js";
import type { Decision } from "./feature/decision.js";
import type { Observer } from "./observer.js";
import type { StickyBuckets } from "./sticky-buckets.js";

export interface FeatureSet {
  /** Returns the feature, ready for evaluation, or `null` if there is none. */
  feature(key: string): { decide(id: string, context: EvaluationCall): Decision } | null;
}

/** A saved group. Unknown and malformed groups have no members. `$notInGroup` tells these two apart. */
export type SavedGroup =
  | { readonly kind: "unknown" }
  | { readonly kind: "malformed" }
  /** A list without a type, which only attribute operators can use. */
  | { readonly kind: "values"; readonly isMember: Membership }
  | {
      readonly kind: "list";
      /** `null` if its values are not a list. */
      readonly isMember: Membership | null;
      /** Reads the group's own attribute. `null` if it names none. */
      readonly read: ((root: unknown, context: EvaluationCall) => unknown) | null;
    }
  | { readonly kind: "condition"; readonly condition: CompiledCondition | null };

export interface SavedGroupSet {
  group(id: string): SavedGroup;
  /** See `SavedGroups.membership`. */
  membership(id: string): Membership | null;
}

/** One context of a bandit, with its weights. */
export interface Leaf {
  /** Id of the leaf as received. It may have another type. */
  readonly leafId: number;
  readonly weights: number[] | undefined;
  readonly condition: CompiledCondition;
}

export interface ContextualBandit {
  readonly banditVersion: number | undefined;
  readonly leaves: readonly (Leaf | MalformedError)[];
}

export interface BanditSet {
  /** Returns `null` if there is no such bandit. */
  bandit(ref: string): ContextualBandit | null;
}

/** The part of a configuration that evaluations read. */
export interface EvaluatedConfiguration extends FeatureSet {
  readonly savedGroups: SavedGroupSet;
  readonly contextualBandits: BanditSet;
}

/** The members of an experiment that a listener needs. */
export interface NamedExperiment {
  readonly key: string;
  /** Names the feature whose rule contains the experiment, if any. */
  readonly origin: { readonly featureKey?: string | undefined };
}

const NO_FEATURES: FeatureSet = { feature: () => null };
const NO_SAVED_GROUPS: SavedGroupSet = {
  group: () => ({ kind: "unknown" }),
  membership: () => () => false,
};
const NO_BANDITS: BanditSet = { bandit: () => null };
const NO_ATTRIBUTES: object = /* @__PURE__ */ Object.freeze({});

/**
 * Receives an attribute that an experiment hashes, but that has no value.
 *
 * @param owner - the experiment that hashes it, or the key of the feature whose rule does.
 */
export type UnhashedListener = (
  attribute: string,
  owner: NamedExperiment | string,
  context: EvaluationCall,
) => void;

/** Receives the exposures that precede an evaluation's own. */
export type CallScope = Pick<Scope, "expose" | "hashedBy" | "placed" | "unhashed">;

/** Members by name. Inherited members are ignored. */
type Members = Readonly<Record<string, unknown>>;

/**
 * The state of an evaluation apart from the compiled features: one user, and settings. It is reused for later calls,
 * and nothing in it is copied.
 */
export class EvaluationCall {
  features: FeatureSet = NO_FEATURES;
  savedGroups: SavedGroupSet = NO_SAVED_GROUPS;
  contextualBandits: BanditSet = NO_BANDITS;
  attributes: object = NO_ATTRIBUTES;
  /** The attributes, if this evaluation found them to be a plain object. */
  plainAttributes: object | null = null;
  /** Each member takes precedence over the attribute of the same name. */
  attributeOverrides: object | null = null;
  /** Replaces the attribute `id` if the attributes have none. `null` without a subject key. */
  subjectKey: string | null = null;
  /** URL of the request. Empty if there is none. */
  url = "";
  isEnabled = true;
  isQaMode = false;
  /** Variation index by experiment key. The user's own take precedence over the global ones. */
  forcedVariations: Members | null = null;
  globalForcedVariations: Members | null = null;
  /** Value by feature key. The user's own take precedence over the global ones. */
  forcedFeatures: ReadonlyMap<string, unknown> | null = null;
  globalForcedFeatures: ReadonlyMap<string, unknown> | null = null;
  /** Members of experiments to replace, by experiment key. */
  overrides: Members | null = null;
  groups: Members | null = null;
  /** `null` without a sticky bucket service. */
  sticky: StickyBuckets | null = null;
  /** If `null`, the evaluation creates no object but its result. */
  observer: Observer | null = null;
  /** Called with each attribute that is hashed, but has no value. If `null`, these are not reported. */
  onUnhashed: UnhashedListener | null = null;

  /** The feature whose evaluation began last, if it has prerequisites or if steps are logged. */
  begunFeature = "";

  /** The call that this evaluation belongs to, made by core's client or by an instance with observers. */
  scope: CallScope | null = null;
  /** The evaluation whose callback started this one, or `null`. */
  outer: EvaluationCall | null = null;
  /** Data that the observer keeps until this evaluation ends, or `null`. */
  begun: object | null = null;

  /** Features whose rules are being evaluated, starting with the requested one. */
  get path(): Set<unknown> {
    this.#path ??= new Set();
    return this.#path;
  }
  /** Saved groups whose conditions are being evaluated. */
  get groupPath(): Set<string> {
    this.#groupPath ??= new Set();
    return this.#groupPath;
  }
  // Created on first use, because most contexts live for one call.
  #path: Set<unknown> | null = null;
  #groupPath: Set<string> | null = null;
  /** The value that conditions on a parent feature test. */
  readonly parent: { value: unknown } = { value: null };

  // Result of the experiment that ran last, without its variation.
  hashUsed = false;
  isSticky = false;
  /** Whether there was a sticky bucket of a blocked version. */
  isBlocked = false;
  /** Bucket of the user. -1 if there is none. */
  bucket = -1;
  /** Whether the variation exists in the experiment. */
  isIn = false;
  /** Attribute and value that were hashed. */
  hashAttribute = "";
  hashValue: unknown = "";
  // Created only for observers and for callers that need them.
  outcome: ObservedOutcome | null = null;
  featureResult: FeatureResult | null = null;
  /** The decision for the feature whose result was created last. */
  decided: Decision | null = null;

  /** Clears state that may be left from an evaluation that threw. */
  begin(): void {
    this.plainAttributes = null;
    this.featureResult = null;
    if (this.#path !== null && this.#path.size > 0) this.#path.clear();
    if (this.#groupPath !== null && this.#groupPath.size > 0) this.#groupPath.clear();
  }

  /** Clears the user's data and the objects created for observers. */
  forget(): void {
    this.attributes = NO_ATTRIBUTES;
    this.plainAttributes = null;
    this.attributeOverrides = null;
    this.forcedVariations = null;
    this.forcedFeatures = null;
    this.sticky = null;
    this.observer = null;
    this.hashValue = "";
    this.outcome = null;
    this.featureResult = null;
    this.decided = null;
  }

  /** Returns whether the rules of a feature are being evaluated. */
  isOnPath(id: unknown): boolean {
    return this.#path?.has(id) === true;
  }
}
