import {
  type AllocationDescription,
  type ConditionDescription,
  type Decoded,
  DecodeError,
  type FlagDescription,
  type HashedUnit,
  type JsonObject,
  type RuleDescription,
  type SplitDescription,
} from "@sortition/core/dialect";
import { type Clause, referenceIn } from "../condition/clause.js";
import type { AttributeReference } from "../context/attribute-reference.js";
import { type Bucketing, shardsOf, TOTAL_SHARDS } from "../evaluation/bucket.js";
import type { Outcome } from "../evaluation/outcome.js";
import type { FlagDefinition } from "../flag-definition.js";
import {
  FALLTHROUGH_ALLOCATION,
  OFF_ALLOCATION,
  PREREQUISITES_ALLOCATION,
  type PrerequisitePart,
  type RulePart,
  type Served,
  type Share,
  type TargetPart,
} from "../flag-parts.js";
import { stringOf } from "../json-values.js";

/** The operator of a condition that a required flag has another variation. */
export const REQUIRES_OTHER = "prerequisite failed";
export const IN_SEGMENT = "segmentMatch";
const NOT = "not ";

/** Describes a flag. Prerequisites, targets, rules and the fallthrough are allocations, in this order. */
export function describeFlag(definition: FlagDefinition): FlagDescription {
  const { fallthrough, isOn, key, off, prerequisites, rules, targets, variations } = definition;
  const broken = [prerequisites, targets, rules].find((it) => it instanceof DecodeError);
  const problem = broken instanceof DecodeError ? broken.message : null;
  const allocations = isOn
    ? [
        ...describePrerequisites(listOf(prerequisites)),
        ...listOf(targets).map(describeTarget),
        ...listOf(rules).map(describeRule),
        describeServed(FALLTHROUGH_ALLOCATION, [], fallthrough),
      ]
    : describeOff(off);
  return {
    ...{ key, valueType: null, isEnabled: isOn, isHashed: false },
    variations: variations.map((value, i) => ({
      key: String(i),
      name: null,
      value,
      problem: null,
    })),
    allocations,
    followsRanges: true,
    problem,
  };
}

/** Names what a clause tests. The attributes of other kinds of contexts begin with the kind. */
export function attributeOf({ attribute, contextKind }: JsonObject): string {
  const kind = stringOf(contextKind ?? USER);
  return kind === USER ? stringOf(attribute) : `${kind}.${stringOf(attribute)}`;
}

function listOf<T>(list: Decoded<readonly T[]>): readonly T[] {
  return list instanceof DecodeError ? [] : list;
}

function describeOff(off: Outcome): readonly AllocationDescription[] {
  if (off.variationIndex === null) return [];
  return [allocationOf(OFF_ALLOCATION, [], [splitOf(off)], off.exposure !== null)];
}

function describePrerequisites(
  prerequisites: readonly Decoded<PrerequisitePart>[],
): readonly AllocationDescription[] {
  const [first] = prerequisites;
  if (first === undefined) return [];
  const rules = prerequisites.map((it): RuleDescription => {
    if (it instanceof DecodeError) return { conditions: [], problem: it.message };
    const { key, variation: expected } = it;
    const condition = { attribute: key, operator: REQUIRES_OTHER, expected, problem: null };
    return { conditions: [condition], problem: null };
  });
  const failed = first instanceof DecodeError ? null : first.failed;
  const splits = failed === null || failed.variationIndex === null ? [] : [splitOf(failed)];
  const isLogged = (failed?.exposure ?? null) !== null;
  return [allocationOf(PREREQUISITES_ALLOCATION, rules, splits, isLogged)];
}

function describeTarget(target: Decoded<TargetPart>, index: number): AllocationDescription {
  if (target instanceof DecodeError) return brokenAllocation(`target-${index}`, target.message);
  const { allocation, keys, kind, outcome } = target;
  const attribute = kind === USER ? KEY : `${stringOf(kind)}.${KEY}`;
  const rule: RuleDescription =
    keys instanceof DecodeError
      ? { conditions: [], problem: keys.message }
      : {
          conditions: [{ attribute, operator: "in", expected: [...keys], problem: null }],
          problem: null,
        };
  return allocationOf(allocation, [rule], [splitOf(outcome)], outcome.exposure !== null);
}

function describeRule(rule: Decoded<RulePart>, index: number): AllocationDescription {
  if (rule instanceof DecodeError) return brokenAllocation(`rule-${index}`, rule.message);
  const { allocation, clauses, served } = rule;
  return describeServed(allocation, describeClauses(clauses), served);
}

function describeClauses(clauses: RulePart["clauses"]): readonly RuleDescription[] {
  if (clauses === null)
    return [{ conditions: [], problem: "a rule without clauses never applies" }];
  if (clauses instanceof DecodeError) return [{ conditions: [], problem: clauses.message }];
  if (clauses.length === 0) return [];
  return [{ conditions: clauses.map(describeClause), problem: null }];
}

function describeClause(clause: Decoded<Clause>): ConditionDescription {
  if (clause instanceof DecodeError) {
    return { attribute: "", operator: "", expected: undefined, problem: clause.message };
  }
  const { wire } = clause;
  const { negate, op, values: expected } = wire;
  const operator = `${negate ? NOT : ""}${stringOf(op)}`;
  if (op === IN_SEGMENT) return { attribute: "segment", operator, expected, problem: null };
  return {
    attribute: attributeOf(wire),
    operator,
    expected,
    problem: referenceIn(wire) === null ? "not a valid reference to an attribute" : null,
  };
}

function describeServed(
  key: string,
  rules: readonly RuleDescription[],
  served: Served,
): AllocationDescription {
  if (served.kind === "variation") {
    const { outcome } = served;
    return allocationOf(key, rules, [splitOf(outcome)], outcome.exposure !== null);
  }
  const shares = served.shares.filter((it): it is Share => !(it instanceof DecodeError));
  const ranges = rangesOf(shares);
  const splits = ranges.map(({ end, share, start }): SplitDescription => {
    const shard = { ...shardsOf(served.bucketing), ranges: [{ start, end }], problem: null };
    return { ...splitOf(share.outcome), shards: [shard] };
  });
  const isLogged = shares.some(({ inExperiment }) => inExperiment.exposure !== null);
  return {
    ...allocationOf(key, rules, splits, isLogged),
    unit: unitOf(served.bucketing),
    participants: served.isExperiment ? participantsOf(ranges) : null,
  };
}

/** What a rollout hashes. */
export interface ContextUnit extends HashedUnit {
  /** The kind of the context whose attribute is hashed. */
  readonly kind: string;
  readonly reference: AttributeReference;
}

function unitOf({ kind, reference }: Bucketing): ContextUnit {
  const path = reference.names.join(".");
  const isKey = path === KEY;
  const attribute = kind === USER ? path : `${stringOf(kind)}.${path}`;
  return {
    name: isKey ? stringOf(kind) : `${path} of ${stringOf(kind)}`,
    attributes: isKey && kind === USER ? [] : [attribute],
    ...{ kind, reference },
  };
}

const KEY = "key";
export const USER = "user";

/** The range of buckets of a share. */
interface Range {
  readonly share: Share;
  readonly start: number;
  readonly end: number;
}

/** Returns the ranges of a rollout. Contexts behind the last share get its variation. */
function rangesOf(shares: readonly Share[]): readonly Range[] {
  let start = 0;
  return shares.flatMap((share, i) => {
    const isLast = i === shares.length - 1;
    const end = isLast
      ? TOTAL_SHARDS
      : Math.min(TOTAL_SHARDS, Math.round(share.end * TOTAL_SHARDS) || 0);
    if (end <= start) return [];
    const range = { share, start, end };
    start = end;
    return [range];
  });
}

/** Returns the shares of those who take part in an experiment, and not of those who get an untracked share. */
function participantsOf(ranges: readonly Range[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const { end, share, start } of ranges) {
    if (share.inExperiment === share.outcome) continue;
    const { variation } = splitOf(share.outcome);
    shares.set(variation, (shares.get(variation) ?? 0) + (end - start) / TOTAL_SHARDS);
  }
  return shares;
}

function splitOf({ problem, variationIndex }: Outcome): SplitDescription {
  const variation = variationIndex === null ? "" : String(variationIndex);
  return { variation, shards: [], problem: problem === "" ? null : problem };
}

function allocationOf(
  key: string,
  rules: readonly RuleDescription[],
  splits: readonly SplitDescription[],
  isLogged: boolean,
): AllocationDescription {
  const byVariation = new Map<string, number>();
  for (const { shards, variation } of splits) {
    const range = shards[0]?.ranges[0] ?? { start: 0, end: TOTAL_SHARDS };
    const share = (range.end - range.start) / TOTAL_SHARDS;
    byVariation.set(variation, (byVariation.get(variation) ?? 0) + share);
  }
  const traffic = { byVariation, unassigned: 0 };
  const unknown = { window: null, unit: null, participants: null, holdout: null };
  return { ...unknown, key, rules, splits, traffic, isLogged };
}

function brokenAllocation(key: string, problem: string): AllocationDescription {
  return allocationOf(key, [{ conditions: [], problem }], [], false);
}
