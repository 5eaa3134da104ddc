import { firstUnmet } from "../condition/compiled.js";
import { bucketOf } from "../hash.js";
import { MalformedError } from "../malformed.js";
import { truthyValueOf } from "./attributes.js";
import type { EvaluationContext } from "./context.js";
import { BLOCKED, CYCLIC, type Decision } from "./decision.js";
import type { CompiledFeature } from "./feature.js";
import { firstUnpassed } from "./filter.js";
import { observed } from "./observed.js";
import { checkParents } from "./parents.js";
import type { CompiledRollout, CompiledRule, ForceEffect } from "./rule.js";
import { runRule } from "./run-rule.js";
import { fireTracks } from "./tracks.js";

/** Evaluates a feature that was found. */
export function decide(feature: CompiledFeature, id: string, context: EvaluationContext): Decision {
  const { hasParents } = feature;
  if (hasParents) context.path.add(id);
  const decision = decideByRules(feature, id, context);
  if (hasParents) context.path.delete(id);
  return observed(decision, id, context);
}

function decideByRules(
  { fallback, rules }: CompiledFeature,
  id: string,
  context: EvaluationContext,
): Decision {
  if (rules instanceof MalformedError) throw rules;
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as CompiledRule | MalformedError; // i < length
    if (rule instanceof MalformedError) throw rule;
    const decision = decideByRule(rule, id, context);
    if (decision !== null) return decision;
  }
  context.observer?.log?.("Use default value", { id, value: fallback.value });
  return fallback;
}

/** `null`: the next rule is to be tried. */
function decideByRule(rule: CompiledRule, id: string, context: EvaluationContext): Decision | null {
  const { observer } = context;
  const { effect, filters, parents } = rule;
  observer?.reached?.(rule);
  if (parents !== null) {
    const outcome = checkParents(parents, rule, context);
    if (outcome === "cyclic") return CYCLIC;
    if (outcome === "blocked") {
      observer?.log?.("Feature blocked by prerequisite", { id, rule: rule.wire });
      return BLOCKED;
    }
    if (outcome === "failed") {
      observer?.log?.("Skip rule because prerequisite evaluation fails", { id, rule: rule.wire });
      return null;
    }
  }
  if (filters !== null) {
    const unpassed = firstUnpassed(filters, context);
    observer?.tested?.(rule, "filters", unpassed, context);
    if (unpassed >= 0) {
      observer?.log?.("Skip rule because of filters", { id, rule: rule.wire });
      return null;
    }
  }
  if (effect === null) {
    observer?.log?.("Skip invalid rule", { id, rule: rule.wire });
    return null;
  }
  return effect.kind === "force"
    ? force(effect, rule, id, context)
    : runRule(effect, rule, id, context);
}

function force(
  { condition, decision, rollout, tracks }: ForceEffect,
  rule: CompiledRule,
  id: string,
  context: EvaluationContext,
): Decision | null {
  const { observer } = context;
  if (condition !== null) {
    const unmet = firstUnmet(condition, context, context);
    observer?.tested?.(rule, "condition", unmet, context);
    if (unmet >= 0) {
      observer?.log?.("Skip rule because of condition ff", { id, rule: rule.wire });
      return null;
    }
  }
  if (rollout !== null && !isInRollout(rollout, rule, context)) {
    observer?.log?.("Skip rule because user not included in rollout", { id, rule: rule.wire });
    return null;
  }
  observer?.log?.("Force value from rule", { id, rule: rule.wire });
  if (tracks !== null) fireTracks(tracks, context);
  return decision;
}

function isInRollout(
  rollout: CompiledRollout,
  rule: CompiledRule,
  context: EvaluationContext,
): boolean {
  if (rollout.isEmpty) return false;
  let value = truthyValueOf(context, rollout.hashAttribute);
  if (value === "" && context.sticky !== null && rollout.fallbackAttribute !== null) {
    value = truthyValueOf(context, rollout.fallbackAttribute);
  }
  if (value === "") return false;
  const n = bucketOf(rollout.hash, value);
  context.observer?.tested?.(rule, "rollout", n, context);
  if (n < 0) return false;
  // Quirk: a coverage includes its end, unlike every other range (growthbook).
  return rollout.isRange ? n >= rollout.start && n < rollout.end : n <= rollout.end;
}
