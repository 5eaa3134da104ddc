import type { Decoded } from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { describeBroken } from "../../explain/describe-broken.js";
import type {
  AllocationDescription,
  BanditDescription,
  ConditionDescription,
  FlagDescription,
  HashedUnit,
  RuleDescription,
  ShardDescription,
  SplitDescription,
  TrafficShares,
  VariationDescription,
  WindowDescription,
} from "../../explain/description.js";
import type { BanditReference } from "../bandit/wire.js";
import { compileWindow } from "../compile.js";
import { HASH_OF_TRUE, OPERATOR_BY_HASH } from "../condition/rule.js";
import { problemOf, readableRanges } from "../evaluation/shard.js";
import { decodeBase64 } from "../obfuscation/base64.js";
import { valueTypeOf } from "../value.js";
import type {
  AllocationWire,
  ConditionWire,
  FlagWire,
  RuleWire,
  ShardWire,
  SplitWire,
} from "../wire.js";
import { type TrafficSplit, trafficShares } from "./traffic.js";

/** Every flag hashes the subject's key. */
const SUBJECT: HashedUnit = { name: "subject", attributes: [] };

export function describeFlag(
  key: string,
  wire: Decoded<FlagWire>,
  isHashed: boolean,
): FlagDescription {
  if (wire instanceof DecodeError) return describeBroken(key, wire.message, isHashed);
  return {
    key,
    valueType: valueTypeOf(wire.variationType),
    isEnabled: wire.isEnabled,
    isHashed,
    variations: describeVariations(wire.variations),
    allocations: wire.allocations.map((it) => describeAllocation(it, wire.totalShards, isHashed)),
    followsRanges: true,
    problem: null,
  };
}

/** Describes the bandits that flags refer to, followed by bandits that only have a model. */
export function describeBandits(
  references: readonly BanditReference[],
  modelKeys: ReadonlySet<string>,
): BanditDescription[] {
  const referred = new Map<string, BanditDescription>(
    references.map(({ banditKey: key, flagVariations }) => {
      const behind = flagVariations.map(({ flagKey, variationValue }) => ({
        flagKey,
        value: variationValue,
      }));
      return [key, { key, hasModel: modelKeys.has(key), behind }];
    }),
  );
  const others = [...modelKeys].filter((key) => !referred.has(key));
  return [...referred.values(), ...others.map((key) => ({ key, hasModel: true, behind: [] }))];
}

/** Returns the elements of a list. A value that is not a list is treated as a single malformed element. */
function partsOf<T>(list: Decoded<readonly Decoded<T>[]>): readonly Decoded<T>[] {
  return list instanceof DecodeError ? [list] : list;
}

function describeVariations(variations: FlagWire["variations"]): VariationDescription[] {
  if (variations instanceof DecodeError) {
    return [{ key: "", value: undefined, problem: variations.message }];
  }
  return [...variations].map(([key, wire]) =>
    wire instanceof DecodeError
      ? { key, value: undefined, problem: wire.message }
      : { key: wire.key, value: wire.value, problem: null },
  );
}

function describeAllocation(
  wire: AllocationWire,
  totalShards: FlagWire["totalShards"],
  isHashed: boolean,
): AllocationDescription {
  const splits = partsOf(wire.splits).map((split) => describeSplit(split, totalShards));
  return {
    key: wire.key,
    window: describeWindow(wire),
    rules: partsOf(wire.rules).map((rule) => describeRule(rule, isHashed)),
    splits,
    unit: splits.some(({ shards }) => shards.length > 0) ? SUBJECT : null,
    traffic: describeTraffic(wire, totalShards),
    participants: null,
    holdout: holdoutOf(wire),
    isLogged: Boolean(wire.doLog),
  };
}

/** The value of `holdoutVariation` for subjects who keep the status quo. Others get what experiments have shipped. */
const STATUS_QUO = "status_quo";

/** Returns the holdout that all splits of an allocation belong to. */
function holdoutOf(wire: AllocationWire): string | null {
  const keys = partsOf(wire.splits).map((split) => {
    if (split instanceof DecodeError) return null;
    const { holdoutKey, holdoutVariation } = split.extraLogging;
    return holdoutVariation === STATUS_QUO ? (holdoutKey ?? null) : null;
  });
  return new Set(keys).size === 1 ? (keys[0] ?? null) : null;
}

function describeWindow(wire: AllocationWire): WindowDescription | null {
  const window = compileWindow(wire);
  if (window === null) return null;
  const bound = (ms: number): number | null => (Number.isNaN(ms) ? null : ms);
  return { startAtMs: bound(window.startAtMs), endAtMs: bound(window.endAtMs) };
}

function describeRule(rule: Decoded<RuleWire>, isHashed: boolean): RuleDescription {
  const conditions = rule instanceof DecodeError ? rule : rule.conditions;
  if (conditions instanceof DecodeError) return { conditions: [], problem: conditions.message };
  return { conditions: conditions.map((it) => describeCondition(it, isHashed)), problem: null };
}

function describeCondition(wire: Decoded<ConditionWire>, isHashed: boolean): ConditionDescription {
  if (wire instanceof DecodeError) {
    return { attribute: "", operator: "", expected: undefined, problem: wire.message };
  }
  const { attribute, operator, value } = wire;
  const spelled = typeof operator === "string" ? operator : "";
  if (!isHashed) return { attribute, operator: spelled, expected: value, problem: null };
  const name = OPERATOR_BY_HASH.get(operator) ?? spelled;
  return { attribute, operator: name, expected: readable(name, value), problem: null };
}

/** Decodes the value of a hashed condition, unless it is a hash itself. */
function readable(operator: string, value: unknown): unknown {
  if (operator === "IS_NULL") return value === HASH_OF_TRUE;
  if (typeof value !== "string") return value;
  try {
    return decodeBase64(value);
  } catch {
    return value; // the condition will throw when it is reached
  }
}

function describeSplit(
  split: Decoded<SplitWire>,
  totalShards: FlagWire["totalShards"],
): SplitDescription {
  if (split instanceof DecodeError) return { variation: "", shards: [], problem: split.message };
  const { shards, variationKey } = split;
  if (variationKey instanceof DecodeError) {
    return { variation: "", shards: [], problem: variationKey.message };
  }
  const variation = variationKey;
  if (shards instanceof DecodeError) return { variation, shards: [], problem: shards.message };
  return {
    variation,
    shards: shards.map((shard) => describeShard(shard, totalShards)),
    problem: null,
  };
}

function describeShard(
  wire: Decoded<ShardWire>,
  totalShards: FlagWire["totalShards"],
): ShardDescription {
  const sizeOfFlag = totalShards instanceof DecodeError ? Number.NaN : totalShards;
  const size = wire instanceof DecodeError ? sizeOfFlag : (wire.totalShards ?? sizeOfFlag);
  if (wire instanceof DecodeError) {
    return { salt: "", totalShards: size, ranges: [], problem: wire.message };
  }
  const { ranges, salt } = wire;
  const problem = problemOfShard(wire, totalShards)?.message ?? null;
  if (salt instanceof DecodeError) return { salt: "", totalShards: size, ranges: [], problem };
  return { salt, totalShards: size, ranges: readableRanges(ranges), problem };
}

function problemOfShard(
  { ranges, salt }: ShardWire,
  totalShards: FlagWire["totalShards"],
): DecodeError | null {
  if (salt instanceof DecodeError) return salt;
  if (totalShards instanceof DecodeError) return totalShards;
  const malformed = ranges[readableRanges(ranges).length];
  return malformed === undefined ? null : problemOf(malformed);
}

/** Returns the parts of a shard condition. Its salt and ranges must not be malformed. */
function trafficShard({ ranges, salt, totalShards }: ShardWire): TrafficSplit["shards"][number] {
  const shard = { salt: salt as string, ranges: readableRanges(ranges) };
  return totalShards === undefined ? shard : { ...shard, totalShards };
}

/** Computes traffic shares. There are none if a part of the splits throws for every subject that reaches it. */
function describeTraffic(
  { splits }: AllocationWire,
  totalShards: FlagWire["totalShards"],
): TrafficShares | null {
  if (splits instanceof DecodeError || totalShards instanceof DecodeError) return null;
  const readable: TrafficSplit[] = [];
  for (const split of splits) {
    if (split instanceof DecodeError || split.shards instanceof DecodeError) return null;
    const shards = split.shards.flatMap((shard) =>
      shard instanceof DecodeError || problemOfShard(shard, totalShards) !== null
        ? []
        : [trafficShard(shard)],
    );
    if (shards.length < split.shards.length) return null;
    if (split.variationKey instanceof DecodeError) return null;
    readable.push({ variationKey: split.variationKey, shards });
  }
  return trafficShares(readable, totalShards);
}
