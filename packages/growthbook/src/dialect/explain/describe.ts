import {
  type AllocationDescription,
  type FlagDescription,
  type HashedUnit,
  isJsonObject,
  type ShardDescription,
  type SplitDescription,
  type TrafficShares,
  type VariationDescription,
} from "@sortition/core/dialect";
import { armsOf } from "../evaluation/experiment/arm.js";
import type { CompiledExperiment } from "../evaluation/experiment/experiment.js";
import type { CompiledFeature } from "../evaluation/feature/feature.js";
import type { CompiledRollout, CompiledRule } from "../evaluation/feature/rule.js";
import { MalformedError } from "../malformed.js";
import { safeText } from "../safe-text.js";
import { conditionsOf } from "./conditions.js";
import { describeShard, type ShardRange, shardRange, totalOf, trafficOf } from "./shards.js";

/** Names for the only variation of a rule that forces a value, and of the default value. */
const FORCED = "force";
const DEFAULT = "default";

/** Describes a feature. Its rules and its default value are allocations. */
export function describeFeature(key: string, feature: CompiledFeature | null): FlagDescription {
  const common = {
    key,
    valueType: null,
    isEnabled: feature !== null,
    isHashed: false,
    followsRanges: true,
  };
  if (feature === null) return { ...common, variations: [], allocations: [], problem: null };
  const { fallback, rules } = feature;
  if (rules instanceof MalformedError) {
    return { ...common, variations: [], allocations: [], problem: rules.message };
  }
  const hasDefault = fallback.kind === "assigned";
  return {
    ...common,
    variations: [
      ...rules.flatMap(variationsOf),
      ...(hasDefault
        ? [{ key: DEFAULT, name: "default value", value: fallback.value, problem: null }]
        : []),
    ],
    allocations: [...rules.map(describeRule), ...(hasDefault ? [defaultAllocation()] : [])],
    problem: null,
  };
}

function variationsOf(rule: CompiledRule | MalformedError): VariationDescription[] {
  if (rule instanceof MalformedError || rule.effect === null) return [];
  const { effect } = rule;
  if (effect.kind === "force") {
    return [{ key: FORCED, name: null, value: effect.forced.value, problem: null }];
  }
  const { experiment } = effect;
  return armsOf(experiment).map(({ key, value }, i) => {
    const name = experiment.meta?.[i]?.name || (key === `${i}` ? null : key);
    return {
      key: safeText(key),
      name: name === null ? null : safeText(name),
      value,
      problem: null,
    };
  });
}

function describeRule(rule: CompiledRule | MalformedError, index: number): AllocationDescription {
  if (rule instanceof MalformedError) {
    const rules = [{ conditions: [], problem: rule.problem }];
    return { ...OPEN, ...NO_EFFECT, key: `${index}`, rules };
  }
  const conditions = conditionsOf(rule).map(({ attribute, expected, operator, problem }) => ({
    attribute,
    operator,
    expected,
    problem,
  }));
  return {
    ...OPEN,
    key: safeText(rule.wire["id"] || index),
    rules: conditions.length === 0 ? [] : [{ conditions, problem: null }],
    holdout: holdoutOf(rule),
    ...describeEffect(rule),
  };
}

/** How the vendor's server names the features of holdouts, and their value for users who are held out. */
const HOLDOUT = "$holdout:";
const HELD_OUT = "holdoutcontrol";

/** Returns the holdout that a rule requires users to be in. */
function holdoutOf({ effect, parents }: CompiledRule): string | null {
  if (effect?.kind !== "force" || parents === null || parents instanceof MalformedError)
    return null;
  for (const parent of parents) {
    if (parent instanceof MalformedError) continue;
    const id = safeText(parent.id);
    const wire = parent.condition?.wire;
    if (id.startsWith(HOLDOUT) && isJsonObject(wire) && wire["value"] === HELD_OUT) return id;
  }
  return null;
}

const OPEN = { window: null, participants: null, holdout: null } as const;
const NO_EFFECT: Effect = { splits: [], unit: null, traffic: null, isLogged: false };

function defaultAllocation(): AllocationDescription {
  const splits = [{ variation: DEFAULT, shards: [], problem: null }];
  const effect = { splits, unit: null, traffic: allTo(DEFAULT), isLogged: false };
  return { ...OPEN, key: DEFAULT, rules: [], ...effect };
}

function allTo(variation: string): TrafficShares {
  return { byVariation: new Map([[variation, 1]]), unassigned: 0 };
}

type Effect = Pick<AllocationDescription, "splits" | "unit" | "traffic" | "isLogged">;

function describeEffect({ effect }: CompiledRule): Effect {
  if (effect === null) return NO_EFFECT;
  if (effect.kind === "experiment") return describeExperiment(effect.experiment, effect.banditRef);
  const { rollout, tracks } = effect;
  const shard = rollout === null ? null : rolloutShard(rollout);
  const split = { variation: FORCED, shards: shard === null ? [] : [shard], problem: null };
  const traffic =
    shard === null
      ? allTo(FORCED)
      : trafficOf(
          shard.ranges.map((range) => [FORCED, range]),
          shard.totalShards,
        );
  const unit = rollout === null ? null : unitOf(rollout.hashAttribute, rollout.fallbackAttribute);
  return { splits: [split], unit, traffic, isLogged: tracks !== null };
}

/** The attribute that is the subject's key. */
export const KEY = "id";

/** @param fallback - hashed if the subject lacks the first attribute. */
function unitOf(name: string, fallback: string | null): HashedUnit {
  if (name === KEY) return { name, attributes: [] };
  return fallback === null
    ? { name, attributes: [name] }
    : { name: `${name}, else ${fallback}`, attributes: [name, fallback] };
}

function rolloutShard({ end, hash, isEmpty, isRange, start }: CompiledRollout): ShardDescription {
  const range = isEmpty ? { start: 0, end: 0 } : shardRange(start, end, totalOf(hash), !isRange);
  return describeShard(hash, range);
}

function describeExperiment(experiment: CompiledExperiment, banditRef: string | null): Effect {
  const { hash, hashAttribute, ranges, sticky } = experiment;
  const total = totalOf(hash);
  const problem = ranges instanceof Error ? ranges.message : null;
  const owned: [variation: string, range: ShardRange][] = armsOf(experiment).map(({ key }, i) => [
    safeText(key),
    ranges instanceof Error
      ? { start: 0, end: 0 }
      : shardRange(ranges.bounds[2 * i], ranges.bounds[2 * i + 1], total),
  ]);
  const splits: SplitDescription[] = owned.map(([variation, range]) => ({
    variation,
    shards: [describeShard(hash, range)],
    problem,
  }));
  // A bandit's weights differ from those of its rule.
  const isKnown = problem === null && hash.version !== 0 && banditRef === null;
  const traffic = isKnown ? trafficOf(owned, total) : null;
  const unit = unitOf(safeText(hashAttribute), sticky.fallbackAttribute);
  return { splits, unit, traffic, isLogged: true };
}
