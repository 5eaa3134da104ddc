import { type ExposureBase, type How, howOf } from "@sortition/core/dialect";
import type { CompiledCondition } from "../condition/compiled.js";
import { compileCondition } from "../condition/condition.js";
import { type CompiledHash, compileHash } from "../hash.js";
import { type CompileOptions, type MalformedError, malformed } from "../malformed.js";
import type { FeatureRule } from "../wire.js";
import { type Decision, decisionOf } from "./decision.js";
import { type CompiledExperiment, compileExperiment } from "./experiment.js";
import { exposureOf } from "./exposure.js";
import { type CompiledFilters, compileFilters } from "./filter.js";
import { type CompiledParents, compileParents } from "./parents.js";
import { type CompiledTracks, compileTracks } from "./tracks.js";

/** A rule: prerequisites and filters, then what it gives. */
export interface CompiledRule {
  /** As received, for observers. */
  readonly wire: Readonly<Record<string, unknown>>;
  readonly parents: CompiledParents | null;
  readonly filters: CompiledFilters | null;
  /** `null`: it gives nothing. */
  readonly effect: ForceEffect | ExperimentEffect | null;
}

/** The rule gives one value. */
export interface ForceEffect {
  readonly kind: "force";
  readonly condition: CompiledCondition | null;
  readonly rollout: CompiledRollout | null;
  readonly tracks: CompiledTracks | null;
  readonly decision: Decision;
}

/** The part of the users that get a forced value. */
export interface CompiledRollout {
  readonly hashAttribute: string;
  readonly fallbackAttribute: string | null;
  readonly hash: CompiledHash;
  /** Whether it includes no user, so nothing needs to be hashed. */
  readonly isEmpty: boolean;
  /** Whether `start <= n < end`; otherwise `n <= end`. */
  readonly isRange: boolean;
  readonly start: number;
  readonly end: number;
}

/** The rule runs an experiment. */
export interface ExperimentEffect {
  readonly kind: "experiment";
  readonly experiment: CompiledExperiment;
  readonly how: How;
  /** Where its weights come from; `null`: from the rule. */
  readonly banditRef: string | null;
  /** Where the user was bucketed, by variation. */
  readonly tracked: readonly Decision[];
  /** Where the variation was forced, by variation. */
  readonly untracked: readonly Decision[];
  /** What is logged if the user is bucketed, by variation. */
  readonly exposures: readonly ExposureBase[];
}

/** Compiles a rule. */
export function compileRule(
  raw: unknown,
  featureKey: string,
  path: string,
  options: CompileOptions,
  isFirst: boolean,
): CompiledRule | MalformedError {
  if (typeof raw !== "object" || raw === null) {
    return malformed(path, "expected an object", options);
  }
  const wire = raw as Readonly<Record<string, unknown>>; // any object, also a list
  const rule = wire as unknown as FeatureRule; // every use tolerates any type
  const { filters, parentConditions: parents } = rule;
  const how = howOfRule(rule, isFirst);
  return {
    wire,
    parents: parents ? compileParents(parents, `${path}.parentConditions`, options) : null,
    filters: filters ? compileFilters(filters, `${path}.filters`, options) : null,
    effect:
      "force" in rule
        ? compileForce(rule, featureKey, path, options, how)
        : compileExperimentRule(rule, featureKey, path, options, how),
  };
}

/** Prerequisites and filters are conditions, too; an experiment always has several variations. */
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

/** Whether there is a condition, in an object or a list. A string counts, and may be long. */
function isFilled(conditions: unknown): boolean {
  if (typeof conditions !== "object" || conditions === null) return Boolean(conditions);
  return Object.keys(conditions).length > 0;
}

function compileForce(
  rule: FeatureRule,
  featureKey: string,
  path: string,
  options: CompileOptions,
  how: How,
): ForceEffect {
  const { condition, coverage, force, id, range, tracks } = rule;
  const hasRollout = !!range || coverage !== undefined;
  return {
    kind: "force",
    condition: condition ? compileCondition(condition, `${path}.condition`, options) : null,
    rollout: hasRollout ? compileRollout(rule, featureKey) : null,
    tracks: tracks ? compileTracks(tracks, featureKey, id, `${path}.tracks`, options) : null,
    decision: decisionOf("force", force, {
      how,
      ruleId: id,
      variation: null,
      exposure: null,
      isGiven: options.isGiven,
    }),
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

/** The experiment of a rule has these members, in the vendor's order, if they are truthy. */
const IF_TRUTHY = [
  "weights",
  "hashAttribute",
  "fallbackAttribute",
  "disableStickyBucketing",
  "bucketVersion",
  "minBucketVersion",
  "namespace",
  "meta",
  "ranges",
  "name",
  "phase",
  "seed",
  "hashVersion",
  "filters",
  "condition",
] as const;
/** Those of them that need only be there. */
const IF_DEFINED: ReadonlySet<string> = new Set(["bucketVersion", "minBucketVersion"]);

function compileExperimentRule(
  rule: FeatureRule,
  featureKey: string,
  path: string,
  options: CompileOptions,
  how: How,
): ExperimentEffect | null {
  const variations = rule.contextualVariations ?? rule.variations;
  if (!variations) return null;
  const wire: Record<string, unknown> = { variations, key: rule.key || featureKey };
  if ("coverage" in rule) wire["coverage"] = rule.coverage;
  for (const name of IF_TRUTHY) {
    const value = rule[name];
    if (IF_DEFINED.has(name) ? value !== undefined : value) wire[name] = value;
  }
  return {
    kind: "experiment",
    banditRef: rule.contextualBanditRef || null,
    ...outcomesOf(compileExperiment(wire, path, options), featureKey, rule.id, how),
  };
}

/** What the variations of an experiment result in. */
export function outcomesOf(
  experiment: CompiledExperiment,
  featureKey: string,
  ruleId: string | undefined,
  how: How,
): Omit<ExperimentEffect, "kind" | "banditRef"> {
  const { arms, isGiven, key } = experiment;
  const exposures = arms.map((arm) => exposureOf(featureKey, ruleId, key, arm.key));
  const decisions = (isTracked: boolean): Decision[] =>
    arms.map(({ key: variation, value }, i) =>
      decisionOf("experiment", value, {
        how,
        ruleId,
        variation,
        exposure: isTracked ? (exposures[i] ?? null) : null,
        isGiven,
      }),
    );
  return { experiment, how, exposures, tracked: decisions(true), untracked: decisions(false) };
}
