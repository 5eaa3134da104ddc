import { type FlagGetter, type FlagOutcome, gettersFrom } from "@sortition/core/dialect";
import { armsOf } from "../evaluation/experiment/arm.js";
import type { CompiledExperiment } from "../evaluation/experiment/experiment.js";
import type { CompiledFeature } from "../evaluation/feature/feature.js";
import type { CompiledRule, ExperimentEffect, ForceEffect } from "../evaluation/feature/rule.js";
import { MalformedError } from "../malformed.js";

/** The largest bucket number below 1. Bucket numbers are multiples of 1/10,000 or 1/1,000. */
const MAX_BUCKET_NUMBER = 0.9999;

/** Returns the getters that have values for a feature, according to the types of its values. */
export function gettersOfFeature({ fallback, rules }: CompiledFeature): readonly FlagGetter[] {
  if (rules instanceof MalformedError) return [];
  const outcomes: FlagOutcome[] = [];
  let isDecided = false;
  let canFail = false;
  const add = (value: unknown): void => {
    outcomes.push({ isAssigned: !isDecided, value: () => value });
  };
  for (const rule of rules) {
    if (rule instanceof MalformedError) {
      canFail ||= !isDecided;
      continue;
    }
    // A prerequisite may block the feature or be part of a cycle.
    if (!isDecided) canFail ||= rule.parents !== null || rule.filters instanceof MalformedError;
    const { effect } = rule;
    if (effect === null) continue;
    if (effect.kind === "force") {
      add(effect.forced.value);
      isDecided ||= isForAll(rule, effect);
      continue;
    }
    // With sticky buckets, users may still get a variation without traffic that they were assigned before.
    for (const { value } of armsOf(effect.experiment)) add(value);
    canFail ||= !isDecided && canThrow(effect.experiment);
    isDecided ||= includesAll(rule, effect);
  }
  if (fallback.kind === "assigned") {
    add(fallback.value);
    isDecided = true;
  }
  return gettersFrom(outcomes, isDecided && !canFail);
}

function isForAll(
  { filters, parents }: CompiledRule,
  { condition, rollout }: ForceEffect,
): boolean {
  if (condition !== null || filters !== null || parents !== null) return false;
  if (rollout === null) return true;
  const { end, hash, hashAttribute, isEmpty, isRange, start } = rollout;
  const hasAll = isRange ? start <= 0 && end >= 1 : end >= 1;
  return hasAll && !isEmpty && hash.version !== 0 && hashAttribute === "id";
}

/** Returns whether the experiment includes every subject, in any variation. */
function includesAll({ filters, parents }: CompiledRule, effect: ExperimentEffect): boolean {
  const { count, hash, hashAttribute, hasPassthrough, isOpen, isOrdinary, ranges, sticky } =
    effect.experiment;
  if (filters !== null || parents !== null || effect.banditRef !== null) return false;
  if (!isOpen || !isOrdinary || hasPassthrough || !(count >= 2)) return false;
  if (hashAttribute !== "id" || hash.version === 0 || sticky.minBucketVersion !== undefined) {
    return false;
  }
  if (ranges instanceof Error || ranges.error !== null) return false;
  let end = 0;
  for (let i = 0; i < ranges.bounds.length; i += 2) {
    if ((ranges.bounds[i] as number) > end) return false; // i < length
    end = Math.max(end, ranges.bounds[i + 1] as number);
  }
  return end > MAX_BUCKET_NUMBER;
}

function canThrow(experiment: CompiledExperiment): boolean {
  const { filters, meta, parents, ranges } = experiment;
  return (
    ranges instanceof Error ||
    ranges.error !== null ||
    filters instanceof MalformedError ||
    parents !== null ||
    (meta !== null && armsOf(experiment).some((_, index) => (meta[index] ?? null) === null))
  );
}
