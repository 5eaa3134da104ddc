import { firstUnmet } from "../../condition/compiled.js";
import { bucketOf } from "../../hash/hash.js";
import type { MalformedError } from "../../malformed.js";
import { truthyValueOf } from "../attributes.js";
import type { EvaluationCall } from "../evaluation-call.js";
import { type CompiledFilters, firstUnpassed } from "../experiment/filter.js";
import { checkParents, type ParentsOutcome } from "../experiment/parents.js";
import { observed } from "../observed.js";
import { BLOCKED, CYCLIC, type Decision } from "./decision.js";
import type { CompiledFeature } from "./feature.js";
import type { CompiledRollout, CompiledRule, ForceEffect } from "./rule.js";
import { runRule } from "./run-rule.js";
import { fireTracks } from "./tracks.js";

/** Evaluates a feature that exists. */
export function decide(feature: CompiledFeature, id: string, context: EvaluationCall): Decision {
  const { hasParents } = feature;
  if (hasParents) {
    context.path.add(id);
    context.begunFeature = id;
  }
  const decision = decideByRules(feature, id, context);
  if (hasParents) context.path.delete(id);
  return observed(decision, id, context);
}

function decideByRules(feature: CompiledFeature, id: string, context: EvaluationCall): Decision {
  const { rules } = feature;
  if ("problem" in rules) throw rules;
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as CompiledRule | MalformedError; // i < length
    context.observer?.reached?.(rule);
    if ("problem" in rule) throw rule;
    const decision = decideByRule(rule, id, context);
    if (decision !== null) return decision;
  }
  const { fallback } = feature;
  context.observer?.log?.("Use default value", {
    id,
    value: fallback.kind === "default" ? undefined : fallback.value,
  });
  return fallback;
}

/** Returns `null` if the next rule must be tried. */
function decideByRule(rule: CompiledRule, id: string, context: EvaluationCall): Decision | null {
  const { effect, filters, parents } = rule;
  if (parents !== null) {
    const outcome = checkParents(parents, rule, context);
    if (outcome !== "passed") return unpassed(outcome, rule, id, context);
  }
  if (filters !== null && !passesFilters(filters, rule, id, context)) {
    return skipped("Skip rule because of filters", rule, id, context);
  }
  if (effect === null) return skipped("Skip invalid rule", rule, id, context);
  return effect.kind === "force"
    ? force(effect, rule, id, context)
    : runRule(effect, rule, id, context);
}

/** Logs a step in the vendor's words. */
function log(step: string, { wire: rule }: CompiledRule, id: string, context: EvaluationCall) {
  context.observer?.log?.(step, { id, rule });
}

/** Skips the rule, for a reason in the vendor's words. */
function skipped(reason: string, rule: CompiledRule, id: string, context: EvaluationCall): null {
  log(reason, rule, id, context);
  return null;
}

function unpassed(
  outcome: Exclude<ParentsOutcome, "passed">,
  rule: CompiledRule,
  id: string,
  context: EvaluationCall,
): Decision | null {
  if (outcome === "cyclic") return CYCLIC;
  if (outcome === "failed") {
    return skipped("Skip rule because prerequisite evaluation fails", rule, id, context);
  }
  log("Feature blocked by prerequisite", rule, id, context);
  return BLOCKED;
}

function passesFilters(
  filters: CompiledFilters,
  rule: CompiledRule,
  id: string,
  context: EvaluationCall,
): boolean {
  const unpassed = firstUnpassed(filters, id, context);
  context.observer?.tested?.(rule, "filters", unpassed, context);
  return unpassed < 0;
}

function force(
  { condition, forced, rollout, tracks }: ForceEffect,
  rule: CompiledRule,
  id: string,
  context: EvaluationCall,
): Decision | null {
  if (condition !== null) {
    const unmet = firstUnmet(condition, context, context);
    context.observer?.tested?.(rule, "condition", unmet, context);
    if (unmet >= 0) return skipped("Skip rule because of condition ff", rule, id, context);
  }
  if (rollout !== null && !isInRollout(rollout, rule, id, context)) {
    return skipped("Skip rule because user not included in rollout", rule, id, context);
  }
  log("Force value from rule", rule, id, context);
  if (tracks !== null) fireTracks(tracks, context);
  return forced.decision;
}

function isInRollout(
  rollout: CompiledRollout,
  rule: CompiledRule,
  id: string,
  context: EvaluationCall,
): boolean {
  if (rollout.isEmpty) return false;
  let value = truthyValueOf(context, rollout.hashAttribute);
  if (value === "" && context.sticky !== null && rollout.fallbackAttribute !== null) {
    value = truthyValueOf(context, rollout.fallbackAttribute);
  }
  if (value === "") {
    context.onUnhashed?.(rollout.hashAttribute, id, context);
    return false;
  }
  const n = bucketOf(rollout.hash, value);
  context.observer?.tested?.(rule, "rollout", n, context);
  if (n < 0) return false;
  if (rollout.start > 0 || rollout.end < 1) context.scope?.placed?.();
  // Quirk: a coverage includes its upper bound, unlike all other ranges (growthbook).
  return rollout.isRange ? n >= rollout.start && n < rollout.end : n <= rollout.end;
}
