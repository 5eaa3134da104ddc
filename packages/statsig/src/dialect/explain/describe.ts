import type {
  AllocationDescription,
  ConditionDescription,
  FlagDescription,
  ShardDescription,
  SplitDescription,
  VariationDescription,
} from "@sortition/core/dialect";
import { stringOf } from "@sortition/core/dialect-internal";
import { bucketsOf, type Condition } from "../condition/condition.js";
import type { StatsigConfiguration } from "../configuration.js";
import { SHARES, sharesOf } from "../evaluation/bucket.js";
import { HASHING, variationOf } from "../evaluation/evaluate-spec.js";
import { holdoutIn } from "../evaluation/holdout.js";
import { variationIn } from "../evaluation/outcome.js";
import { DEFAULT, GROUPS, type Rule, type Spec } from "../spec.js";
import { bucketsIn, joined, rangesOf, shareOf } from "./ranges.js";
import { type IdUnit, unitNamed } from "./unit.js";

/** Operators of conditions that another gate is on or off. */
export const GATE_ON = "pass_gate";
export const GATE_OFF = "fail_gate";

/** An allocation, and where its tests are recorded. */
export interface DescribedAllocation {
  readonly description: AllocationDescription;
  /** The experiment or the target of an override that decides the variation, or `null`. */
  readonly delegate: Spec | null;
  /** Index of its first rule. -1: the default or an override. */
  readonly rule: number;
  /** Indexes of the conditions of that rule that are not shards, in the order of the description. */
  readonly conditions: readonly number[];
}

/** The description of a flag, and its allocations in the same order. */
export interface DescribedSpec {
  readonly description: FlagDescription;
  readonly allocations: readonly DescribedAllocation[];
}

/** Describes a spec. Each rule is an allocation, but the groups of an experiment are one. */
export function describeSpec(
  key: string,
  spec: Spec,
  configuration: StatsigConfiguration,
): DescribedSpec {
  const allocations = allocationsOf(spec, configuration);
  const rules = spec.rules.flatMap(({ conditions }) => conditions);
  const isKnown = rules.every((it) => configuration.condition(it)?.isKnown === true);
  const description: FlagDescription = {
    key,
    valueType: spec.kind === "gate" ? "boolean" : "json",
    isEnabled: spec.isEnabled,
    isHashed: false,
    variations: variationsOf(spec, configuration),
    allocations: allocations.map((it) => it.description),
    followsRanges:
      isKnown &&
      !spec.merges &&
      !configuration.isBandit(spec.name) &&
      allocations.every(({ delegate }) => delegate === null),
    problem: null,
  };
  return { description, allocations };
}

export function allocationsOf(
  spec: Spec,
  configuration: StatsigConfiguration,
): readonly DescribedAllocation[] {
  const overrides = configuration.mappingsOf(spec).flatMap(({ rule, target }) => {
    const other = configuration[spec.kind](target);
    return other === null ? [] : [describeDelegated(rule, other, -1, configuration)];
  });
  const found: DescribedAllocation[] = [...overrides];
  if (spec.isEnabled || configuration.sdk.appliesDisabled) {
    const groups = spec.rules.flatMap(({ isGroup }, i) => (isGroup ? [i] : []));
    for (const [index, rule] of spec.rules.entries()) {
      if (!rule.isGroup) found.push(describeRule(spec, index, configuration));
      else if (index === groups[0]) found.push(describeGroups(spec, groups, configuration));
    }
  }
  const only = splitOf(defaultVariation(spec, configuration));
  const description = allocationOf(DEFAULT, [], [only]);
  return [...found, { description, delegate: null, rule: -1, conditions: [] }];
}

function describeRule(
  spec: Spec,
  index: number,
  configuration: StatsigConfiguration,
): DescribedAllocation {
  const rule = spec.rules[index] as Rule; // callers pass indexes of rules
  const { allocation, delegate, passPercentage } = rule;
  const experiment = delegate === null ? null : configuration.config(delegate);
  if (experiment !== null) return describeDelegated(rule, experiment, index, configuration);
  const { conditions, rules, shards, unit } = partsOf(rule, configuration);
  const [pass, fail] = [
    passVariation(spec, rule, configuration),
    defaultVariation(spec, configuration),
  ];
  const end = passPercentage * 100;
  const shard = { ...sharesOf(spec.salt, rule.salt), problem: null };
  const isShared = passPercentage > 0 && passPercentage < 100;
  const splits = isShared
    ? [
        splitOf(pass, [...shards, { ...shard, ranges: [{ start: 0, end }] }]),
        splitOf(fail, [...shards, { ...shard, ranges: [{ start: end, end: SHARES }] }]),
      ]
    : [splitOf(passPercentage >= 100 ? pass : fail, shards)];
  const holdout = holdoutIn(rule, configuration);
  const description = { ...allocationOf(allocation, rules, splits), unit, holdout };
  return { description, delegate: null, rule: index, conditions };
}

/** Describes a rule whose subjects get what another spec decides. */
function describeDelegated(
  rule: Rule,
  delegate: Spec,
  index: number,
  configuration: StatsigConfiguration,
): DescribedAllocation {
  const { conditions, rules, shards, unit } = partsOf(rule, configuration);
  const splits = variationsOf(delegate, configuration).map(({ key }) => {
    return splitOf(variationIn(delegate.name, key), shards);
  });
  return {
    description: { ...allocationOf(rule.allocation, rules, splits), unit, traffic: null },
    ...{ delegate, rule: index, conditions },
  };
}

/** Groups are shares of one hash, whose bounds follow each other. */
function describeGroups(
  spec: Spec,
  indexes: readonly number[],
  configuration: StatsigConfiguration,
): DescribedAllocation {
  const parts = indexes.map((it) => partsOf(spec.rules[it] as Rule, configuration)); // they are indexes of rules
  const taken = new Set<number>();
  const splits = indexes.flatMap((index, i): readonly SplitDescription[] => {
    const variation = variationOf(spec.rules[index] as Rule); // see above
    const [shard] = parts[i]?.shards ?? [];
    if (shard === undefined) return [splitOf(variation)];
    const free = bucketsIn(shard.ranges).filter((it) => !taken.has(it));
    for (const bucket of free) taken.add(bucket);
    const ranges = joined(free);
    return ranges.length === 0 ? [] : [splitOf(variation, [{ ...shard, ranges }])];
  });
  const [first] = parts;
  const described = allocationOf(GROUPS, first?.rules ?? [], splits);
  const unit = first?.unit ?? null;
  return {
    description: { ...described, unit, participants: described.traffic?.byVariation ?? null },
    ...{ delegate: null, rule: indexes[0] ?? -1, conditions: first?.conditions ?? [] },
  };
}

/** The parts of a rule. Its shards are those of one unit. */
interface RuleParts {
  readonly unit: IdUnit | null;
  readonly shards: readonly ShardDescription[];
  /** Indexes of the conditions that are not shards. */
  readonly conditions: readonly number[];
  readonly rules: AllocationDescription["rules"];
}

function partsOf(rule: Rule, configuration: StatsigConfiguration): RuleParts {
  const { idType, passPercentage } = rule;
  const all = configuration.conditionsOf(rule);
  const first = all.find(isShard);
  const isShared = rule.delegate === null && passPercentage > 0 && passPercentage < 100;
  const hashed = isShared ? [idType] : first === undefined ? [] : [first.wire["idType"]];
  const [unit = null] = hashed.map((it) => unitNamed(it, configuration.sdk));
  const isOfUnit = (it: Condition): boolean =>
    isShard(it) && unitNamed(it.wire["idType"], configuration.sdk).name === unit?.name;
  const others = all.filter((it) => !isOfUnit(it) && it.type !== "public");
  const described = others.map(describeCondition);
  const rules = described.length === 0 ? [] : [{ conditions: described, problem: null }];
  const conditions = others.map((it) => all.indexOf(it));
  return { unit, shards: all.filter(isOfUnit).map(shardOf), conditions, rules };
}

/** Whether a condition takes a share of all units. */
function isShard(condition: Condition): boolean {
  return condition.type === HASHING && rangesOf(condition) !== null;
}

function shardOf(condition: Condition): ShardDescription {
  return { ...bucketsOf(condition.wire), ranges: rangesOf(condition) ?? [], problem: null };
}

function describeCondition({ isKnown, type, wire }: Condition): ConditionDescription {
  const { field, idType, operator, targetValue: expected } = wire;
  const problem = isKnown ? null : "the vendor's SDK does not know this condition";
  if (type === GATE_ON || type === GATE_OFF) {
    const attribute = stringOf(expected);
    return { attribute, operator: type, expected: type === GATE_ON, problem };
  }
  const attribute = attributeOf(type, stringOf(field ?? ""), stringOf(idType ?? ""));
  return { attribute, operator: stringOf(operator ?? type), expected, problem };
}

function attributeOf(type: string, field: string, idType: string): string {
  switch (type) {
    case "unit_id":
      return idType;
    case "environment_field":
      return `environment ${field}`;
    case "current_time":
    case "target_app":
    case "user_bucket":
      return type.replace("_", " ");
    default:
      return field;
  }
}

/** The variation of a gate is its value; others are named after groups and rules. */
function passVariation(spec: Spec, rule: Rule, { sdk }: StatsigConfiguration): string {
  return spec.kind === "gate" ? String(sdk.passed(rule.returnValue)) : variationOf(rule);
}

function defaultVariation({ defaultValue, kind }: Spec, { sdk }: StatsigConfiguration): string {
  return kind === "gate" ? String(sdk.failed(defaultValue)) : DEFAULT;
}

function variationsOf(
  spec: Spec,
  configuration: StatsigConfiguration,
  seen: ReadonlySet<Spec> = new Set(),
): readonly VariationDescription[] {
  if (spec.kind === "gate") {
    return [true, false].map((value) => ({ key: String(value), value, problem: null }));
  }
  const values = new Map<string, unknown>([[DEFAULT, spec.defaultValue]]);
  const others = configuration.mappingsOf(spec).map((it) => configuration[spec.kind](it.target));
  for (const rule of spec.rules) {
    const experiment = rule.delegate === null ? null : configuration.config(rule.delegate);
    if (experiment === null) values.set(variationOf(rule), rule.returnValue);
    else others.push(experiment);
  }
  for (const other of others) {
    if (other === null || seen.has(other)) continue;
    for (const { key, value } of variationsOf(other, configuration, new Set([...seen, spec]))) {
      values.set(variationIn(other.name, key), value);
    }
  }
  return [...values].map(([key, value]) => ({ key, value, problem: null }));
}

function splitOf(variation: string, shards: readonly ShardDescription[] = []): SplitDescription {
  return { variation, shards, problem: null };
}

/** Shards of one salt follow each other, and those of different salts are independent. */
function allocationOf(
  key: string,
  rules: AllocationDescription["rules"],
  splits: readonly SplitDescription[],
): AllocationDescription {
  const byVariation = new Map<string, number>();
  let unassigned = 1;
  for (const { shards, variation } of splits) {
    const share = shards.reduce((all, it) => all * shareOf(it.ranges, it.totalShards), 1);
    byVariation.set(variation, (byVariation.get(variation) ?? 0) + share);
    unassigned -= share;
  }
  const traffic = { byVariation, unassigned: Math.max(0, unassigned) };
  return {
    key,
    window: null,
    rules,
    splits,
    unit: null,
    traffic,
    participants: null,
    holdout: null,
    isLogged: true,
  };
}
