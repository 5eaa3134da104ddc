import type { Decoded, JsonObject } from "../conditions/decode.js";
import type { Predicate } from "../conditions/predicate.js";
import type { AttributeReader } from "../conditions/reader.js";
import { type PatternGuard, UNGUARDED } from "../conditions/risky-pattern/guard.js";
import { DecodeError } from "../errors/errors.js";
import type { Evaluation } from "../model/evaluation.js";
import type { VariationValue } from "../model/flag.js";
import type { ConditionPlace } from "../model/recorder.js";
import type { Scope } from "../model/scope.js";
import type { Subject } from "../model/subject.js";
import type { Interned } from "../payload/interned.js";
import { type CompiledRule, compileRule, type RecordTest } from "./condition/rule.js";
import { evaluateFlag, FLAG_DISABLED } from "./evaluation/evaluate.js";
import { effectOfAllocation } from "./evaluation/how-of-allocation.js";
import { subjectOfCall } from "./evaluation/keyless-subject.js";
import {
  type CompiledShard,
  compileShard,
  failingShard,
  ruleOfSplit,
  type Sharder,
} from "./evaluation/shard.js";
import type {
  CompiledAllocation,
  CompiledSplit,
  FlagFacts,
  SplitFailure,
  UfcFlag,
  Window,
} from "./flag.js";
import type { UfcFormat } from "./format.js";
import { Split, splitFailure } from "./split.js";
import { valueTypeOf } from "./value.js";
import type { AllocationWire, FlagWire, RuleWire, SplitWire, VariationWire } from "./wire.js";

/**
 * Compiles a decoded flag. If `isObfuscated`, its conditions are hashed. Everything else is plain.
 *
 * @param guard - checks patterns. Their paths are relative to the flag.
 * @param format - `null`: Eppo's format.
 */
export function compileFlag(
  key: string,
  wire: FlagWire,
  isObfuscated: boolean,
  guard: PatternGuard = UNGUARDED,
  recorder: TestRecorder | null = null,
  interned: Interned | null = null,
  format: UfcFormat | null = null,
): UfcFlag {
  const sharders = new Map<string, Sharder>();
  const { entityId } = wire;
  const facts: FlagFacts = {
    flagKey: key,
    featureFlag: isObfuscated ? null : wire.key,
    variationType: wire.variationType,
    eventFields: entityId === null ? NO_ENTITY : Object.freeze({ entityId }),
  };
  const context = {
    flag: wire,
    facts,
    isObfuscated,
    sharders,
    failingSplits: new Map(),
    recorder,
    guard,
    interned,
    format,
  };
  const allocations = wire.allocations.map((it, i) => compileAllocation(it, i, context));
  return {
    // Eppo checks the type first. Other formats check first whether the flag is enabled.
    valueType: format === null || wire.isEnabled ? valueTypeOf(wire.variationType) : null,
    isEnabled: wire.isEnabled,
    isObfuscated,
    allocations,
    variations: wire.variations instanceof DecodeError ? null : wire.variations,
    saltCount: sharders.size,
    evaluate: format === null ? evaluateThis : evaluateForAny,
    variationValues: valuesInThis,
    key,
    variationType: wire.variationType,
    failure: null,
  };
}

/** Shared by all flags, because a closure per flag would retain everything that the flag was compiled from. */
function evaluateThis(this: UfcFlag, subject: Subject, scope: Scope): Evaluation {
  return evaluateFlag(this, subject, scope);
}

function valuesInThis(this: UfcFlag, key: string): readonly VariationValue[] {
  const variation = this.variations?.get(key);
  if (variation === undefined || variation instanceof DecodeError) return [];
  const { value } = variation;
  return [{ value, json: this.valueType === "json" && typeof value === "string" ? value : null }];
}

/** Like {@link evaluateThis}, but also for subjects without a key. */
function evaluateForAny(this: UfcFlag, subject: Subject, scope: Scope): Evaluation {
  return evaluateFlag(this, subjectOfCall(subject, scope, this.key), scope);
}

/**
 * Creates a flag that throws `failure` whenever it is evaluated. Its details are empty.
 *
 * @param wire - the flag, if the vendor's SDK reads its `variationType` and `enabled` before it fails.
 */
export function brokenFlag(key: string, failure: Error, wire: JsonObject | null): UfcFlag {
  const variationType = wire?.["variationType"];
  return {
    valueType: wire === null ? null : valueTypeOf(variationType),
    isEnabled: true,
    isObfuscated: false,
    allocations: [],
    variations: null,
    saltCount: 0,
    evaluate: () => {
      if (wire !== null && !wire["enabled"]) return FLAG_DISABLED;
      throw failure;
    },
    key,
    variationType,
    failure,
  };
}

/** Records the tests of a flag's evaluations. */
export interface TestRecorder {
  /** Returns the same test of a rule or a condition, which is recorded. See {@link RecordTest}. */
  test(matches: Predicate, read: AttributeReader | null, place: ConditionPlace): Predicate;
  shard(shard: CompiledShard, place: ConditionPlace): CompiledShard;
}

interface FlagContext {
  readonly flag: FlagWire;
  readonly facts: FlagFacts;
  readonly isObfuscated: boolean;
  readonly sharders: Map<string, Sharder>;
  /** Splits by their error. After many errors in a flag, thousands of its parts share one error. */
  readonly failingSplits: Map<DecodeError, CompiledSplit>;
  /** Records the tests of evaluations. `null`: nothing does. */
  readonly recorder: TestRecorder | null;
  readonly guard: PatternGuard;
  /** `null`: nothing is shared with other flags, because tests are recorded. */
  readonly interned: Interned | null;
  readonly format: UfcFormat | null;
}

const NO_ENTITY = /* @__PURE__ */ Object.freeze({ entityId: null });

function compileAllocation(
  wire: AllocationWire,
  index: number,
  context: FlagContext,
): CompiledAllocation {
  const { flag, guard, recorder } = context;
  const window = compileWindow(wire);
  const isFirst = index === 0 && window === null;
  const effect = effectOfAllocation(wire, flag.totalShards, isFirst);
  const place = { allocation: String(index) };
  const recorded =
    (rule: number): RecordTest =>
    (matches, read, i) =>
      recorder?.test(matches, read, { ...place, rule, index: i }) ?? matches;
  const rules =
    wire.rules instanceof DecodeError
      ? [compileRule(wire.rules, context.isObfuscated, recorded(0))]
      : wire.rules.map((rule, i) =>
          ruleAt(rule, context, recorded(i), (pattern, path) =>
            guard(pattern, `.allocations[${index}].rules[${i}]${path}`),
          ),
        );
  const splits: readonly CompiledSplit[] = [];
  const allocation = {
    key: wire.key,
    window,
    rules: rules.length === 0 ? null : rules,
    splits,
    doLog: wire.doLog,
    ...effect,
    flag: context.facts,
  };
  const recordedAt =
    (split: number): RecordShard =>
    (shard, i) =>
      recorder?.shard(shard, { ...place, rule: ruleOfSplit(split), index: i }) ?? shard;
  // Splits create their outcomes from the allocation, so they are set afterwards.
  allocation.splits =
    wire.splits instanceof DecodeError
      ? [failingSplit(wire.splits, recordedAt(0), context)]
      : wire.splits.map((split, i) => compileSplit(split, allocation, recordedAt(i), context));
  return allocation;
}

/** Compiles a rule. Flags can share rules that have no patterns and no malformed parts. */
function ruleAt(
  rule: RuleWire | DecodeError,
  { format, interned, isObfuscated }: FlagContext,
  recorded: RecordTest,
  guard: PatternGuard,
): CompiledRule {
  const compile = (by: PatternGuard): CompiledRule =>
    compileRule(rule, isObfuscated, recorded, by, format?.compileCondition);
  if (interned === null || rule instanceof DecodeError || !isSound(rule)) return compile(guard);
  let isShared = true;
  const guarding: PatternGuard = (pattern, path) => {
    isShared = false;
    return guard(pattern, path);
  };
  return interned.of(
    isObfuscated ? "hashed rule" : "rule",
    rule.wire,
    () => compile(guarding),
    () => isShared,
  );
}

function isSound({ conditions }: RuleWire): boolean {
  return (
    !(conditions instanceof DecodeError) && !conditions.some((it) => it instanceof DecodeError)
  );
}

/** Returns `null` if the allocation is always active. */
export function compileWindow(wire: AllocationWire): Window | null {
  const { endAtMs, isEndExclusive = false, startAtMs } = wire;
  if (startAtMs instanceof DecodeError) {
    return { startAtMs: Number.NaN, endAtMs: Number.NaN, isEndExclusive, failure: startAtMs };
  }
  if (endAtMs instanceof DecodeError) {
    return { startAtMs, endAtMs: Number.NaN, isEndExclusive, failure: endAtMs };
  }
  if (Number.isNaN(startAtMs) && Number.isNaN(endAtMs)) return null;
  return { startAtMs, endAtMs, isEndExclusive, failure: null };
}

/** Returns a shard condition of a split, recorded if the evaluation is. */
type RecordShard = (shard: CompiledShard, index: number) => CompiledShard;

function compileSplit(
  split: Decoded<SplitWire>,
  allocation: CompiledAllocation,
  recorded: RecordShard,
  context: FlagContext,
): CompiledSplit {
  const { flag, sharders } = context;
  if (split instanceof DecodeError) return failingSplit(split, recorded, context);
  if (split.shards instanceof DecodeError) return failingSplit(split.shards, recorded, context);
  const shards = split.shards.map((shard, i) =>
    recorded(
      shard instanceof DecodeError
        ? failingShard(shard)
        : compileShard(shard, flag.totalShards, sharders),
      i,
    ),
  );
  const { extraLogging, facts = null, variationKey } = split;
  const variation = variationOf(allocation.flag.flagKey, variationKey, flag);
  const key = variationKey instanceof DecodeError ? "" : variationKey;
  return new Split({
    shards,
    allocation,
    variation,
    // Keeps only one of two equal strings.
    variationKey: !("kind" in variation) && variation.key === key ? variation.key : key,
    extraLogging,
    facts,
  });
}

function variationOf(
  flagKey: string,
  variationKey: Decoded<string>,
  { variations }: FlagWire,
): VariationWire | SplitFailure {
  if (variations instanceof DecodeError) return splitFailure(variations);
  if (variationKey instanceof DecodeError) return splitFailure(variationKey);
  const variation = variations.get(variationKey);
  if (variation === undefined) {
    return splitFailure(new Error(`no variation "${variationKey}" in flag "${flagKey}"`));
  }
  return variation instanceof DecodeError ? splitFailure(variation) : variation;
}

/**
 * Creates a split that fails for every subject. It belongs to no allocation, so that parts with the same error can
 * share it.
 */
function failingSplit(
  cause: DecodeError,
  recorded: RecordShard,
  { failingSplits, recorder }: FlagContext,
): CompiledSplit {
  const known = failingSplits.get(cause);
  if (known !== undefined && recorder === null) return known;
  const split = new Split({
    shards: [recorded(failingShard(cause), 0)],
    allocation: null,
    variation: splitFailure(cause),
    variationKey: "",
    extraLogging: {},
    facts: null,
  });
  failingSplits.set(cause, split);
  return split;
}
