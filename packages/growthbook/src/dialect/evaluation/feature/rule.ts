import { type ExposureBase, type How, howOf } from "@sortition/core/dialect";
import type { CompiledCondition } from "../../condition/compiled.js";
import { compileCondition } from "../../condition/condition.js";
import { type CompiledHash, compileHash } from "../../hash/hash.js";
import { type CompileOptions, type MalformedError, malformed } from "../../malformed.js";
import type { FeatureRule } from "../../wire.js";
import { armOf } from "../experiment/arm.js";
import {
  type CompiledExperiment,
  compileExperiment,
  type ExperimentOrigin,
  type ExperimentWire,
} from "../experiment/experiment.js";
import { type CompiledFilters, compileFilters } from "../experiment/filter.js";
import { type CompiledParents, compileParents } from "../experiment/parents.js";
import { type Decision, decisionOf, ForcedValue } from "./decision.js";
import { exposureOf } from "./exposure.js";
import { type CompiledTracks, compileTracks } from "./tracks.js";

/** The source of a rule's experiment. */
export interface RuleOrigin extends ExperimentOrigin {
  readonly featureKey: string;
  readonly ruleId: string | undefined;
  readonly how: How;
}

/**
 * A rule with its prerequisites, its filters and its effect. It is also the origin of its own experiment, which saves
 * an object per rule.
 */
export class CompiledRule implements RuleOrigin {
  /**
   * `null` if the rule has no effect. Declared without an initializer, because V8 treats a field that is set once, in
   * the constructor, as a constant.
   */
  declare readonly effect: ForceEffect | ExperimentEffect | null;

  constructor(
    /** The rule as received, for observers. */
    readonly wire: Readonly<Record<string, unknown>>,
    readonly featureKey: string,
    readonly index: number,
    readonly parents: CompiledParents | null,
    readonly filters: CompiledFilters | null,
    options: CompileOptions,
  ) {
    const rule = wire as unknown as FeatureRule; // code that reads a member accepts any type
    this.effect =
      "force" in rule
        ? compileForce(rule, this, options)
        : compileExperimentRule(rule, this, options);
  }

  get path(): string {
    return rulePath(this.featureKey, this.index);
  }

  /** The id as received. */
  get ruleId(): string | undefined {
    return this.wire["id"] as string | undefined;
  }

  get how(): How {
    return howOfRule(this.wire as unknown as FeatureRule, this.index === 0);
  }

  get experiment(): ExperimentWire {
    return experimentOf(this.wire as unknown as FeatureRule, this.featureKey);
  }
}

export interface ForceEffect {
  readonly kind: "force";
  readonly condition: CompiledCondition | null;
  readonly rollout: CompiledRollout | null;
  readonly tracks: CompiledTracks | null;
  readonly forced: ForcedValue;
}

/** The share of users that get a forced value. */
export interface CompiledRollout {
  readonly hashAttribute: string;
  readonly fallbackAttribute: string | null;
  readonly hash: CompiledHash;
  /** Whether the rollout includes no user, so that nothing needs to be hashed. */
  readonly isEmpty: boolean;
  /** If `true`, the rollout is `start <= n < end`, and otherwise `n <= end`. */
  readonly isRange: boolean;
  readonly start: number;
  readonly end: number;
}

type Decisions = (Decision | undefined)[];

/** No decision was created yet. */
const NONE_MADE: Decisions = [];

/** Runs an experiment. Each decision is created when a user first gets its variation. */
export class ExperimentEffect {
  readonly kind = "experiment";
  /** Decisions for bucketed users, by variation. */
  #tracked = NONE_MADE;
  /** Decisions for forced variations, by variation. */
  #untracked = NONE_MADE;

  constructor(
    /** The experiment, whose origin is a {@link RuleOrigin}. */
    readonly experiment: CompiledExperiment,
    /** The bandit that provides the weights. `null` if the rule does. */
    readonly banditRef: string | null,
  ) {}

  /** Returns `undefined` if no variation has this index. */
  decision(variation: number, isTracked: boolean): Decision | undefined {
    const made = isTracked ? this.#tracked : this.#untracked;
    return made[variation] ?? this.#make(variation, isTracked);
  }

  /** Returns the exposure of a bucketed user, or `undefined` if no variation has this index. */
  exposure(variation: number): ExposureBase | undefined {
    const decision = this.decision(variation, true);
    return decision?.kind === "assigned" ? (decision.exposure ?? undefined) : undefined;
  }

  #make(variation: number, isTracked: boolean): Decision | undefined {
    const { experiment } = this;
    const { featureKey, how, ruleId } = experiment.origin as RuleOrigin; // the experiment belongs to a rule
    const count = experiment.count ?? 0;
    if (!(Number.isInteger(variation) && variation >= 0 && variation < count)) return undefined;
    const { key, value } = armOf(experiment, variation);
    const decision = decisionOf("experiment", value, {
      how,
      ruleId,
      variation: key,
      exposure: isTracked ? exposureOf(featureKey, ruleId, experiment.key, key) : null,
      isGiven: experiment.isGiven,
    });
    if (isTracked) this.#tracked = withElement(this.#tracked, variation, decision, count);
    else this.#untracked = withElement(this.#untracked, variation, decision, count);
    return decision;
  }
}

function withElement(
  made: Decisions,
  variation: number,
  decision: Decision,
  count: number,
): Decisions {
  const all = made === NONE_MADE ? new Array<undefined>(count).fill(undefined) : made;
  (all as Decisions)[variation] = decision;
  return all;
}

export function featurePath(key: string): string {
  return `$.features[${JSON.stringify(key)}]`;
}

function rulePath(featureKey: string, index: number): string {
  return `${featurePath(featureKey)}.rules[${index}]`;
}

export function compileRule(
  raw: unknown,
  featureKey: string,
  index: number,
  options: CompileOptions,
): CompiledRule | MalformedError {
  const path = () => rulePath(featureKey, index);
  if (typeof raw !== "object" || raw === null) {
    return malformed(path(), "expected an object", options);
  }
  const wire = raw as Readonly<Record<string, unknown>>; // any object, including a list
  const { filters, parentConditions: parents } = wire as unknown as FeatureRule; // code that reads a member accepts any type
  return new CompiledRule(
    wire,
    featureKey,
    index,
    parents ? compileParents(parents, `${path()}.parentConditions`, options) : null,
    filters ? compileFilters(filters, `${path()}.filters`, options) : null,
    options,
  );
}

/**
 * Returns how a rule assigns its value. Prerequisites and filters are treated as conditions. An experiment always
 * splits users.
 */
function howOfRule(rule: FeatureRule, isFirst: boolean): How {
  const { condition, coverage, filters, namespace, parentConditions, range } = rule;
  const isExperiment = !("force" in rule);
  return howOf({
    hasConditions:
      isFilled(condition) ||
      isFilled(filters) ||
      isFilled(parentConditions) ||
      (isExperiment && !!namespace),
    isSplit: () =>
      isExperiment || (range ? !(range[0] <= 0 && range[1] >= 1) : (coverage ?? 1) < 1),
    isFirst,
  });
}

/**
 * Returns whether an object or a list contains conditions. A string is not converted to a list, because it may be long.
 */
function isFilled(conditions: unknown): boolean {
  if (typeof conditions !== "object" || conditions === null) return Boolean(conditions);
  return Object.keys(conditions).length > 0;
}

function compileForce(rule: FeatureRule, owner: RuleOrigin, options: CompileOptions): ForceEffect {
  const { condition, coverage, force, id, range, tracks } = rule;
  const { featureKey, how } = owner;
  const hasRollout = !!range || coverage !== undefined;
  return {
    kind: "force",
    condition: condition ? compileCondition(condition, `${owner.path}.condition`, options) : null,
    rollout: hasRollout ? compileRollout(rule, featureKey) : null,
    tracks: tracks ? compileTracks(tracks, featureKey, id, `${owner.path}.tracks`, options) : null,
    forced: new ForcedValue(force, how, id, options.isGiven),
  };
}

function compileRollout(rule: FeatureRule, featureKey: string): CompiledRollout {
  const { coverage, disableStickyBucketing, fallbackAttribute, hashVersion, range } = rule;
  return {
    hashAttribute: rule.hashAttribute || "id",
    fallbackAttribute: (!disableStickyBucketing && fallbackAttribute) || null,
    hash: compileHash(rule.seed || featureKey, hashVersion || 1),
    isEmpty: !range && coverage === 0,
    isRange: !!range,
    start: range ? range[0] : 0,
    end: range ? range[1] : (coverage as number),
  };
}

function compileExperimentRule(
  rule: FeatureRule,
  origin: RuleOrigin,
  options: CompileOptions,
): ExperimentEffect | null {
  const variations = rule.contextualVariations ?? rule.variations;
  if (!variations) return null;
  const experiment = compileExperiment(origin, options);
  return new ExperimentEffect(experiment, rule.contextualBanditRef || null);
}

/** Builds the same experiment from a rule as the vendor does, with members in the same order. */
function experimentOf(rule: FeatureRule, featureKey: string): ExperimentWire {
  const variations = rule.contextualVariations ?? rule.variations;
  const made: Partial<Record<keyof FeatureRule, unknown>> = {
    variations,
    key: rule.key || featureKey,
  };
  if ("coverage" in rule) made.coverage = rule.coverage;
  if (rule.weights) made.weights = rule.weights;
  if (rule.hashAttribute) made.hashAttribute = rule.hashAttribute;
  if (rule.fallbackAttribute) made.fallbackAttribute = rule.fallbackAttribute;
  if (rule.disableStickyBucketing) made.disableStickyBucketing = rule.disableStickyBucketing;
  if (rule.bucketVersion !== undefined) made.bucketVersion = rule.bucketVersion;
  if (rule.minBucketVersion !== undefined) made.minBucketVersion = rule.minBucketVersion;
  if (rule.namespace) made.namespace = rule.namespace;
  if (rule.meta) made.meta = rule.meta;
  if (rule.ranges) made.ranges = rule.ranges;
  if (rule.name) made.name = rule.name;
  if (rule.phase) made.phase = rule.phase;
  if (rule.seed) made.seed = rule.seed;
  if (rule.hashVersion) made.hashVersion = rule.hashVersion;
  if (rule.filters) made.filters = rule.filters;
  if (rule.condition) made.condition = rule.condition;
  return made;
}
