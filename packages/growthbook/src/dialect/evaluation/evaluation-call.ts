import type { Scope } from "@sortition/core/dialect";
import type { CompiledCondition } from "../condition/compiled.js";
import type { Membership } from "../condition/membership.js";
import type { MalformedError } from "../malformed.js";
import type { FeatureResult } from "../wire.js";
import type { ObservedOutcome } from "./experiment/outcome.js";
import type { Decision } from "./feature/decision.js";
import type { Observer } from "./observer.js";
import type { StickyBuckets } from "./sticky-buckets.js";

/** Where features are looked up. */
export interface FeatureSet {
  /** The feature, ready to be evaluated; `null` if there is none. */
  feature(key: string): { decide(id: string, context: EvaluationCall): Decision } | null;
}

/** A saved group. No user is in an unknown or a malformed one; `$notInGroup` tells these two apart. */
export type SavedGroup =
  | { readonly kind: "unknown" }
  | { readonly kind: "malformed" }
  /** A list without a type: only operators of an attribute can use it. */
  | { readonly kind: "values"; readonly isMember: Membership }
  | {
      readonly kind: "list";
      /** `null` if its values are not a list. */
      readonly isMember: Membership | null;
      /** Reads its own attribute; `null` if it names none. */
      readonly read: ((root: unknown, context: EvaluationCall) => unknown) | null;
    }
  | { readonly kind: "condition"; readonly condition: CompiledCondition | null };

/** Where saved groups are looked up. */
export interface SavedGroupSet {
  group(id: string): SavedGroup;
  /** See `SavedGroups.membership`. */
  membership(id: string): Membership | null;
}

/** One context of a bandit, with its weights. */
export interface Leaf {
  /** As received, also of another type. */
  readonly leafId: number;
  readonly weights: number[] | undefined;
  readonly condition: CompiledCondition;
}

/** A contextual bandit. */
export interface ContextualBandit {
  readonly banditVersion: number | undefined;
  readonly leaves: readonly (Leaf | MalformedError)[];
}

/** Where contextual bandits are looked up. */
export interface BanditSet {
  /** `null` if there is none. */
  bandit(ref: string): ContextualBandit | null;
}

/** The part of a configuration that evaluations read. */
export interface EvaluatedConfiguration extends FeatureSet {
  readonly savedGroups: SavedGroupSet;
  readonly contextualBandits: BanditSet;
}

/** An experiment, as far as a listener needs it. */
export interface NamedExperiment {
  readonly key: string;
  /** With the feature whose rule contains it, if any. */
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
 * Receives an attribute that would be hashed, but has no value.
 *
 * @param owner - the experiment that hashes it, or the key of the feature whose rule does.
 */
export type UnhashedListener = (
  attribute: string,
  owner: NamedExperiment | string,
  context: EvaluationCall,
) => void;

/** Receives exposures that an evaluation meets before its own. */
export type CallScope = Pick<Scope, "expose" | "hashedBy" | "unhashed">;

/** Members by name. Only own ones count. */
type Members = Readonly<Record<string, unknown>>;

/**
 * All that an evaluation reads beside the compiled features: one user, and settings. It is reused from
 * call to call, and nothing in it is copied.
 */
export class EvaluationCall {
  features: FeatureSet = NO_FEATURES;
  savedGroups: SavedGroupSet = NO_SAVED_GROUPS;
  contextualBandits: BanditSet = NO_BANDITS;
  attributes: object = NO_ATTRIBUTES;
  /** The attributes, once they were found to be a plain object in this evaluation. */
  plainAttributes: object | null = null;
  /** Wins over `attributes`, member by member. */
  attributeOverrides: object | null = null;
  /** Takes the place of the attribute `id` if the attributes have none; `null`: there is no subject key. */
  subjectKey: string | null = null;
  /** Empty: there is none. */
  url = "";
  isEnabled = true;
  isQaMode = false;
  /** Index by experiment key; those of the user win. */
  forcedVariations: Members | null = null;
  globalForcedVariations: Members | null = null;
  /** Value by feature key; those of the user win. */
  forcedFeatures: ReadonlyMap<string, unknown> | null = null;
  globalForcedFeatures: ReadonlyMap<string, unknown> | null = null;
  /** Members of experiments to be replaced, by experiment key. */
  overrides: Members | null = null;
  groups: Members | null = null;
  /** `null`: there is no sticky bucket service. */
  sticky: StickyBuckets | null = null;
  /** `null`: no object is created but the result. */
  observer: Observer | null = null;
  /** Called with each attribute that would be hashed, but has no value; `null`: it is not reported. */
  onUnhashed: UnhashedListener | null = null;

  /** The feature whose evaluation began last, if it has prerequisites or steps are logged. */
  begunFeature = "";

  /** The call that this evaluation is part of: of core's client, or of an instance with observers. */
  scope: CallScope | null = null;
  /** The evaluation whose callback started this one; `null` for an evaluation outside of callbacks. */
  outer: EvaluationCall | null = null;
  /** What the observer keeps for the rest of this evaluation; `null`: nothing. */
  begun: object | null = null;

  /** Features whose rules are being evaluated, from the requested one on. */
  get path(): Set<unknown> {
    this.#path ??= new Set();
    return this.#path;
  }
  /** Saved groups whose conditions are being evaluated. */
  get groupPath(): Set<string> {
    this.#groupPath ??= new Set();
    return this.#groupPath;
  }
  // Created when they are first needed: most contexts live for one call.
  #path: Set<unknown> | null = null;
  #groupPath: Set<string> | null = null;
  /** What conditions on a parent feature are tested against. */
  readonly parent: { value: unknown } = { value: null };

  // Result of the experiment that ran last, without its variation.
  hashUsed = false;
  isSticky = false;
  /** Whether a sticky bucket of a version that is too old was found. */
  isBlocked = false;
  /** -1: none. */
  bucket = -1;
  /** Whether the variation is one of the experiment's. */
  isIn = false;
  /** What was hashed. */
  hashAttribute = "";
  hashValue: unknown = "";
  // Created only for observers, and for callers who ask for them.
  outcome: ObservedOutcome | null = null;
  featureResult: FeatureResult | null = null;
  /** What decided the feature whose result was created last. */
  decided: Decision | null = null;

  /** Forgets what an evaluation that threw may have left. */
  begin(): void {
    this.plainAttributes = null;
    this.featureResult = null;
    if (this.#path !== null && this.#path.size > 0) this.#path.clear();
    if (this.#groupPath !== null && this.#groupPath.size > 0) this.#groupPath.clear();
  }

  /** Forgets the user, and what was made for observers. */
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

  /** Whether the rules of a feature are being evaluated. */
  isOnPath(id: unknown): boolean {
    return this.#path?.has(id) === true;
  }
}
