import type {
  AllocationDescription,
  ConditionDescription,
  FlagDescription,
  HashedUnit,
  RuleDescription,
  ShardDescription,
  SplitDescription,
  TrafficShares,
  VariationDescription,
} from "@sortition/core/dialect";
import { stringOf } from "@sortition/core/dialect-internal";
import type { Condition } from "../condition/condition.js";
import type { PosthogConfiguration } from "../configuration.js";
import { allocationOf, HOLDOUT } from "../evaluation/outcome.js";
import { payloadFor, TOTAL_SHARDS } from "../flag.js";
import type { FlagDefinition } from "../flag-wire.js";

/** Describes a flag. A condition group is an allocation with one rule, and variants are splits. */
export function describeFlag(
  definition: FlagDefinition,
  configuration: Pick<PosthogConfiguration, "groupType">,
): FlagDescription {
  const { conditions, exitsEarly, hasContinuity, holdout, key } = definition;
  const unitOf = (condition: Condition | null): HashedUnit => {
    const index = condition?.groupTypeIndex ?? definition.groupTypeIndex ?? null;
    if (index !== null) return groupUnit(configuration.groupType(index) ?? String(index));
    if (definition.isByDevice) return DEVICE;
    return hasContinuity ? PERSON : DISTINCT_ID;
  };
  const described =
    conditions?.map((it, i) => describeCondition(definition, it, i, unitOf(it))) ?? [];
  return {
    key,
    valueType: null,
    isEnabled: definition.isActive,
    isHashed: false,
    variations: describeVariations(definition),
    allocations:
      holdout === null
        ? described
        : [describeHoldout(definition, holdout, unitOf(null)), ...described],
    followsRanges: !exitsEarly && !hasContinuity,
    problem: problemOf(definition),
  };
}

const DISTINCT_ID: HashedUnit = { name: "distinct id", attributes: [] };
/** With experience continuity, the server gives the same result to all distinct ids of a person. */
export const PERSON: HashedUnit = { name: "person", attributes: [] };
const DEVICE: HashedUnit = { name: "device", attributes: ["$device_id"] };

function groupUnit(type: string): HashedUnit {
  return { name: `group ${type}`, attributes: [`$groups.${type}`] };
}

function problemOf({ conditions, isUnsupported }: FlagDefinition): string | null {
  if (isUnsupported) return "unsupported definition: only the server evaluates it";
  return conditions === null ? "filters.groups: expected an array" : null;
}

function describeVariations({ payloads, variants }: FlagDefinition): VariationDescription[] {
  const keys = (variants ?? []).map((variant) => stringOf(variant.key));
  return (keys.length === 0 ? ["true"] : keys).map((key) => ({
    key,
    value: payloadFor(payloads, key) ?? null,
    problem: null,
  }));
}

function describeHoldout(
  { hasExperiment }: FlagDefinition,
  { share, variant }: NonNullable<FlagDefinition["holdout"]>,
  unit: HashedUnit,
): AllocationDescription {
  const shards = [shard(`${HOLDOUT}-`, 0, share)];
  return {
    key: HOLDOUT,
    window: null,
    rules: [],
    splits: [{ variation: variant, shards, problem: null }],
    unit,
    traffic: { byVariation: new Map([[variant, share]]), unassigned: 1 - share },
    participants: null,
    holdout: variant,
    isLogged: hasExperiment !== false,
  };
}

function describeCondition(
  definition: FlagDefinition,
  condition: Condition | null,
  index: number,
  unit: HashedUnit,
): AllocationDescription {
  const isLogged = definition.hasExperiment !== false;
  const common = {
    ...{ key: allocationOf(index), window: null, unit, isLogged },
    ...{ participants: null, holdout: null },
  };
  if (condition === null || condition.filters === null) {
    const rules = [{ conditions: [], problem: "it is malformed" }];
    return { ...common, rules, splits: [], traffic: null };
  }
  const parts = partsOf(definition, condition);
  return {
    ...common,
    rules: describeRules(condition),
    splits: parts?.map((part) => describeSplit(definition.key, condition, part)) ?? [],
    traffic: parts === null ? null : describeTraffic(shareOf(condition), parts),
  };
}

function describeRules({ filters }: Condition): RuleDescription[] {
  if (filters === null || filters.length === 0) return [];
  const conditions = filters.map((filter) => describeFilter(filter?.wire));
  return [{ conditions, problem: null }];
}

/** Describes a filter of a condition or of a cohort. */
export function describeFilter(wire: unknown): ConditionDescription {
  if (typeof wire !== "object" || wire === null) {
    return { attribute: "", operator: "", expected: wire, problem: "it is malformed" };
  }
  const { key, operator, type, value } = wire as Record<string, unknown>;
  const name = typeof operator === "string" && operator !== "" ? operator : null;
  if (type === "cohort") {
    const verb = name === "not_in" ? name : "in";
    return { attribute: "cohort", operator: verb, expected: value, problem: null };
  }
  const attribute = type === "flag" ? `flag ${stringOf(key)}` : stringOf(key);
  const usual = type === "flag" ? "flag_evaluates_to" : "exact";
  return { attribute, operator: name ?? usual, expected: value, problem: null };
}

/** A range of hashes for one variant. The range is `null` if variants are not chosen by hash. */
interface Part {
  readonly variation: string;
  readonly range: { readonly start: number; readonly end: number } | null;
}

/** Returns the variants that a condition assigns, or `null` if the variants are malformed. */
function partsOf({ variants }: FlagDefinition, { variant }: Condition): Part[] | null {
  if (variants === null) return null;
  const override = variant ? variants.find(({ key }) => key === variant) : undefined;
  if (override !== undefined) return [{ variation: stringOf(override.key), range: null }];
  if (variants.length === 0) return [{ variation: "true", range: null }];
  let start = 0;
  const parts = variants.map(({ end, key }): Part => {
    const part = { variation: stringOf(key || "true"), range: { start, end } };
    start = end;
    return part;
  });
  return start < 1 ? [...parts, { variation: "true", range: { start, end: 1 } }] : parts;
}

function shareOf({ share }: Condition): number {
  return share === null || Number.isNaN(share) ? 1 : Math.min(Math.max(share, 0), 1);
}

function describeSplit(key: string, condition: Condition, part: Part): SplitDescription {
  const rollout = condition.share === null ? [] : [shard(`${key}.`, 0, shareOf(condition))];
  const variant =
    part.range === null ? [] : [shard(`${key}.variant`, part.range.start, part.range.end)];
  return { variation: part.variation, shards: [...rollout, ...variant], problem: null };
}

function describeTraffic(share: number, parts: readonly Part[]): TrafficShares {
  const byVariation = new Map<string, number>();
  for (const { range, variation } of parts) {
    const width = range === null ? 1 : Math.max(Math.min(range.end, 1) - range.start, 0);
    byVariation.set(variation, (byVariation.get(variation) ?? 0) + share * width);
  }
  return { byVariation, unassigned: 1 - share };
}

function shard(salt: string, start: number, end: number): ShardDescription {
  const ranges = [{ start: start * TOTAL_SHARDS, end: end * TOTAL_SHARDS }];
  return { salt, totalShards: TOTAL_SHARDS, ranges, problem: null };
}
