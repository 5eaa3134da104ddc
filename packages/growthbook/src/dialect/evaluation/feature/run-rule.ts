import { chooseLeaf } from "../../contextual-bandits.js";
import { getEqualWeights } from "../../hash/buckets.js";
import { GIVEN, UNREPORTED } from "../../malformed.js";
import { getUrlRegExp } from "../../url/targeting.js";
import type { Experiment } from "../../wire.js";
import type { ContextualBandit, EvaluationCall, Leaf } from "../evaluation-call.js";
import { armOf } from "../experiment/arm.js";
import {
  type CompiledExperiment,
  compileExperiment,
  type ExperimentWire,
  rangesOf,
} from "../experiment/experiment.js";
import { GivenOutcome } from "../experiment/outcome.js";
import type { CompiledRanges } from "../experiment/ranges.js";
import { run } from "../experiment/run.js";
import { type Decision, decisionOf } from "./decision.js";
import { type CompiledRule, ExperimentEffect, type RuleOrigin } from "./rule.js";

/** Runs the experiment of a rule. Returns `null` if the next rule must be tried. */
export function runRule(
  effect: ExperimentEffect,
  rule: CompiledRule,
  id: string,
  context: EvaluationCall,
): Decision | null {
  if (effect.banditRef !== null || context.overrides !== null) {
    return runChanged(effect, effect.banditRef, rule, id, context);
  }
  const { experiment } = effect;
  const variation = run(experiment, experiment.ranges, id, null, context);
  if (context.outcome !== null) context.observer?.ran?.(context.outcome);
  return decisionOn(variation, effect, rule, context);
}

/** Runs the experiment with a bandit's weights, or with members that the caller replaces. */
function runChanged(
  effect: ExperimentEffect,
  banditRef: string | null,
  rule: CompiledRule,
  id: string,
  context: EvaluationCall,
): Decision | null {
  const { experiment } = effect;
  const bandit = banditRef === null ? null : context.contextualBandits.bandit(`${banditRef}`);
  const leaf =
    banditRef === null
      ? null
      : contextLeaf(bandit, { id, contextualBanditRef: banditRef }, context);
  const isNeeded = context.observer !== null || context.overrides !== null;
  const own = isNeeded ? experimentForCallbacks(experiment, bandit, leaf) : null;
  const given = own && withOverrides(own, context);
  let outcomes = effect;
  let ranges = leaf === null ? experiment.ranges : rangesOfLeaf(effect, leaf);
  if (given !== own) {
    const wire = given as unknown as ExperimentWire;
    const options = experiment.isGiven ? GIVEN : UNREPORTED;
    const { how, path, ruleId } = rule;
    const former = experiment;
    const origin: RuleOrigin = { experiment: wire, path, featureKey: id, ruleId, how, former };
    outcomes = new ExperimentEffect(compileExperiment(origin, options), null);
    ranges = outcomes.experiment.ranges;
  }
  const variation = run(outcomes.experiment, ranges, id, given, context);
  if (own !== null && context.outcome !== null) {
    if (!(context.hashUsed && context.isIn)) delete own.contextualBandit;
    const { result } = context.outcome.made;
    context.outcome = new GivenOutcome({ experiment: own, result });
    context.observer?.ran?.(context.outcome);
  }
  return decisionOn(variation, outcomes, rule, context);
}

/** Returns the context of a bandit that matches the user. If there is none, the reason is logged. */
function contextLeaf(
  bandit: ContextualBandit | null,
  facts: Record<string, unknown>,
  context: EvaluationCall,
): Leaf | null {
  const log = context.observer?.log;
  if (log === undefined) return bandit === null ? null : chooseLeaf(bandit, context);
  if (bandit === null) {
    log("Contextual bandit ref not found in payload, using aggregate weights", facts);
    return null;
  }
  const leaf = chooseLeaf(bandit, context, (error) => {
    log("Contextual bandit leaf selection threw, using fallback weights", { ...facts, error });
  });
  if (leaf === null) log("Contextual bandit: no matching leaf, using fallback weights", facts);
  return leaf;
}

/** Returns the decision for the variation of the last experiment, or `null`. */
function decisionOn(
  variation: number,
  outcomes: ExperimentEffect,
  rule: CompiledRule,
  context: EvaluationCall,
): Decision | null {
  const { hashUsed, isIn } = context;
  const { experiment } = outcomes;
  const isPassthrough = experiment.hasPassthrough && armOf(experiment, variation).isPassthrough;
  if (!isIn || isPassthrough) {
    if (hashUsed) exposePassthrough(outcomes, variation, context);
    return null;
  }
  return outcomes.decision(variation, hashUsed) ?? decisionOfOddIndex(outcomes, variation, rule);
}

function exposePassthrough(
  outcomes: ExperimentEffect,
  variation: number,
  { hashValue, scope, subjectKey }: EvaluationCall,
): void {
  const exposure = outcomes.exposure(variation);
  if (exposure === undefined || scope === null) return;
  if (subjectKey === null) scope.hashedBy(hashValue);
  scope.expose(exposure);
}

/** The vendor accepts a forced index outside of `variations`, so we do too. */
function decisionOfOddIndex(
  { experiment }: ExperimentEffect,
  variation: number,
  { how, ruleId }: CompiledRule,
): Decision {
  const { key, value } = armOf(experiment, variation);
  return decisionOf("experiment", value, {
    how,
    ruleId,
    variation: key,
    exposure: null,
    isGiven: experiment.isGiven,
  });
}

/** Returns the experiment as the vendor builds it from a rule. */
function experimentForCallbacks(
  { origin }: CompiledExperiment,
  bandit: ContextualBandit | null,
  leaf: Leaf | null,
): Experiment<unknown> {
  const experiment = origin.experiment as unknown as Experiment<unknown>; // members may have any type
  if (bandit === null) return experiment;
  if (leaf !== null) experiment.weights = leaf.weights as number[];
  const weights = experiment.weights ?? getEqualWeights(experiment.variations.length);
  experiment.contextualBandit = {
    leafId: leaf === null ? NO_LEAF : leaf.leafId,
    variationWeights: leaf === null ? weights : (leaf.weights as number[]),
    banditVersion: bandit.banditVersion as number, // omitted if undefined
  };
  return experiment;
}

/** `leafId` of a user who matches no context. */
const NO_LEAF = -1;

/** Returns the experiment with the weights of its contextual bandit replaced by those in use. */
export function withBanditWeights<T>(experiment: Experiment<T>): Experiment<T> {
  const { contextualBandit, weights } = experiment;
  if (!contextualBandit || !weights) return experiment;
  return { ...experiment, contextualBandit: { ...contextualBandit, variationWeights: weights } };
}

/** Applies the context's replacements to an experiment, unless it will not run. */
export function withOverrides(
  experiment: Experiment<unknown>,
  { isEnabled, overrides }: EvaluationCall,
): Experiment<unknown> {
  const { key, variations } = experiment;
  const override = overrides !== null && Object.hasOwn(overrides, key) && overrides[key];
  if (!override || !isEnabled || variations.length < 2) return experiment;
  const all: Experiment<unknown> = { ...experiment, ...override }; // any value with members
  if (typeof all.url === "string") {
    // Quirk: the member exists even if the pattern is malformed (growthbook).
    (all as { url?: RegExp | undefined }).url = getUrlRegExp(all.url);
  }
  return withBanditWeights(all);
}

const rangesByLeaf = /* @__PURE__ */ new WeakMap<
  ExperimentEffect,
  WeakMap<Leaf, CompiledRanges | Error>
>();

/** Returns the ranges for a bandit's weights. They are computed once per context of the bandit. */
function rangesOfLeaf(effect: ExperimentEffect, leaf: Leaf): CompiledRanges | Error {
  const { experiment } = effect;
  const byLeaf = rangesByLeaf.get(effect) ?? new WeakMap<Leaf, CompiledRanges | Error>();
  rangesByLeaf.set(effect, byLeaf);
  const known = byLeaf.get(leaf);
  if (known !== undefined) return known;
  const wire = experiment.origin.experiment;
  const ranges = wire["ranges"]
    ? experiment.ranges
    : rangesOf(experiment.variations, wire["coverage"] as number | undefined, leaf.weights);
  byLeaf.set(leaf, ranges);
  return ranges;
}
