import type { Decoded, JsonObject } from "../conditions/decode.js";
import { type PatternGuard, UNGUARDED } from "../conditions/risky-pattern/guard.js";
import { DecodeError, EvaluationError } from "../errors/errors.js";
import type { Evaluation } from "../model/evaluation.js";
import type { ExposureBase } from "../model/exposure.js";
import type { ValueType } from "../model/flag.js";
import type { Scope } from "../model/scope.js";
import type { Subject } from "../model/subject.js";
import type { Interned } from "../payload/interned.js";
import { type CompiledRule, compileRule } from "./condition/rule.js";
import { convertToString } from "./conversion.js";
import { evaluateFlag, FLAG_DISABLED } from "./evaluation/evaluate.js";
import { howOfAllocation } from "./evaluation/how-of-allocation.js";
import { subjectOfCall } from "./evaluation/keyless-subject.js";
import {
  type CompiledShard,
  compileShard,
  failingShard,
  type Sharder,
} from "./evaluation/shard.js";
import { extraMembers } from "./events.js";
import { type Observer, UNOBSERVED } from "./explain/observer.js";
import type {
  CompiledAllocation,
  CompiledSplit,
  FlagFacts,
  SplitFailure,
  UfcFlag,
  Window,
} from "./flag.js";
import type { UfcFormat } from "./format.js";
import { isOfType, valueTypeOf, variationTypeOf } from "./value.js";
import type {
  AllocationWire,
  FlagWire,
  RuleWire,
  SplitFacts,
  SplitWire,
  VariationWire,
} from "./wire.js";

interface SplitParts extends Pick<CompiledSplit, "variationKey" | "extraLogging"> {
  readonly shards: readonly CompiledShard[];
  /** `null`: it fails. */
  readonly allocation: CompiledAllocation | null;
  /** Its failure where it has none. */
  readonly variation: VariationWire | SplitFailure;
  /** `null`: those of its allocation. */
  readonly facts: SplitFacts | null;
}

/** A split whose outcome is made for the first subject that gets it. */
class Split implements CompiledSplit {
  readonly shard: CompiledShard | null;
  readonly furtherShards: readonly CompiledShard[] | null;
  #outcome: Evaluation | SplitFailure | null;
  readonly variationKey: string;
  readonly extraLogging: Readonly<Record<string, string>>;
  #variation: VariationWire | null;
  readonly #allocation: CompiledAllocation | null;
  readonly #facts: SplitFacts | null;

  constructor(parts: SplitParts) {
    const { allocation, extraLogging, facts, shards, variation, variationKey } = parts;
    const isFailure = "kind" in variation;
    this.shard = shards[0] ?? null;
    this.furtherShards = shards.length > 1 ? shards.slice(1) : null;
    this.#outcome = isFailure ? variation : null;
    this.variationKey = variationKey;
    this.extraLogging = extraLogging;
    this.#variation = isFailure ? null : variation;
    this.#allocation = allocation;
    this.#facts = facts;
  }

  /** For the subjects that the split matches. */
  get outcome(): Evaluation | SplitFailure {
    return this.#outcome ?? this.#makeOutcome();
  }

  /** `null`: it was not found, or details do not name it. */
  get variation(): VariationWire | null {
    if (this.#outcome === null) this.#makeOutcome();
    return this.#variation;
  }

  #makeOutcome(): Evaluation | SplitFailure {
    // Without them it has failed.
    const [allocation, wire] = [this.#allocation as CompiledAllocation, this.#variation];
    const facts = this.#facts ?? factsOf(allocation);
    const made = outcomeOf(allocation, wire as VariationWire, this.extraLogging, facts);
    this.#outcome = made.outcome;
    this.#variation = made.variation;
    return made.outcome;
  }
}

/**
 * Compiles a decoded flag. Its conditions are hashed if `isObfuscated`; everything else is plain.
 *
 * @param guard - for patterns, which are at a path that begins at the flag.
 * @param format - `null`: Eppo's.
 */
export function compileFlag(
  key: string,
  wire: FlagWire,
  isObfuscated: boolean,
  guard: PatternGuard = UNGUARDED,
  observer: Observer = UNOBSERVED,
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
    observer,
    guard,
    interned,
    format,
  };
  const allocations = wire.allocations.map((it, i) => compileAllocation(it, i, context));
  return {
    // Eppo checks the type first, the others whether the flag is enabled.
    valueType: format === null || wire.isEnabled ? valueTypeOf(wire.variationType) : null,
    isEnabled: wire.isEnabled,
    isObfuscated,
    allocations,
    saltCount: sharders.size,
    evaluate: format === null ? evaluateThis : evaluateForAny,
    key,
    variationType: wire.variationType,
    failure: null,
  };
}

/** Shared by all flags: a closure per flag would retain everything that the flag was compiled from. */
function evaluateThis(this: UfcFlag, subject: Subject, scope: Scope): Evaluation {
  return evaluateFlag(this, subject, scope);
}

/** The same for subjects with or without a key. */
function evaluateForAny(this: UfcFlag, subject: Subject, scope: Scope): Evaluation {
  return evaluateFlag(this, subjectOfCall(subject, scope, this.key), scope);
}

/**
 * A flag that throws `failure` whenever it is evaluated. Its details are empty.
 *
 * @param wire - the flag, if the vendor reads its `variationType` and `enabled` before it fails.
 */
export function brokenFlag(key: string, failure: Error, wire: JsonObject | null): UfcFlag {
  const variationType = wire?.["variationType"];
  return {
    valueType: wire === null ? null : valueTypeOf(variationType),
    isEnabled: true,
    isObfuscated: false,
    allocations: [],
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

interface FlagContext {
  readonly flag: FlagWire;
  readonly facts: FlagFacts;
  readonly isObfuscated: boolean;
  readonly sharders: Map<string, Sharder>;
  /** By error: after many errors of a flag, thousands of its parts share one. */
  readonly failingSplits: Map<DecodeError, CompiledSplit>;
  readonly observer: Observer;
  readonly guard: PatternGuard;
  /** `null`: nothing is shared with other flags, since observers tell their parts apart. */
  readonly interned: Interned | null;
  readonly format: UfcFormat | null;
}

const NO_ENTITY = /* @__PURE__ */ Object.freeze({ entityId: null });

function compileAllocation(
  wire: AllocationWire,
  index: number,
  context: FlagContext,
): CompiledAllocation {
  const { flag, guard } = context;
  const window = compileWindow(wire);
  const isFirst = index === 0 && window === null;
  const how = howOfAllocation(wire, flag.totalShards, isFirst);
  const rules =
    wire.rules instanceof DecodeError
      ? [compileRule(wire.rules, context.isObfuscated, context.observer)]
      : wire.rules.map((rule, i) =>
          ruleAt(rule, context, (pattern, path) =>
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
    how,
    flag: context.facts,
  };
  // Its splits make their outcomes from it.
  allocation.splits =
    wire.splits instanceof DecodeError
      ? [failingSplit(wire.splits, context)]
      : wire.splits.map((split) => compileSplit(split, allocation, context));
  return allocation;
}

/** A rule with nothing malformed and without patterns is the same in each flag. */
function ruleAt(
  rule: RuleWire | DecodeError,
  { format, interned, isObfuscated, observer }: FlagContext,
  guard: PatternGuard,
): CompiledRule {
  const compile = (by: PatternGuard): CompiledRule =>
    compileRule(rule, isObfuscated, observer, by, format?.compileCondition);
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

/** `null`: always active. */
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

function compileSplit(
  split: Decoded<SplitWire>,
  allocation: CompiledAllocation,
  context: FlagContext,
): CompiledSplit {
  const { flag, sharders, observer } = context;
  if (split instanceof DecodeError) return failingSplit(split, context);
  if (split.shards instanceof DecodeError) return failingSplit(split.shards, context);
  const shards = split.shards.map((shard) =>
    observer.shard(
      shard,
      shard instanceof DecodeError
        ? failingShard(shard)
        : compileShard(shard, flag.totalShards, sharders),
    ),
  );
  const { extraLogging, facts = null, variationKey } = split;
  const variation = variationOf(allocation.flag.flagKey, variationKey, flag);
  const key = variationKey instanceof DecodeError ? "" : variationKey;
  return new Split({
    shards,
    allocation,
    variation,
    // The same string once.
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
  if (variations instanceof DecodeError) return failure(variations);
  if (variationKey instanceof DecodeError) return failure(variationKey);
  const variation = variations.get(variationKey);
  if (variation === undefined) {
    return failure(new Error(`no variation "${variationKey}" in flag "${flagKey}"`));
  }
  return variation instanceof DecodeError ? failure(variation) : variation;
}

/** An outcome, and the variation that details name. */
interface MadeOutcome {
  readonly outcome: Evaluation | SplitFailure;
  readonly variation: VariationWire | null;
}

function factsOf({ doLog, flag, how }: CompiledAllocation): SplitFacts {
  return { how, isLogged: Boolean(doLog), eventFields: flag.eventFields };
}

function outcomeOf(
  { flag, key: allocation }: CompiledAllocation,
  variation: VariationWire,
  extraLogging: Readonly<Record<string, string>>,
  { eventFields, how, isLogged }: SplitFacts,
): MadeOutcome {
  const { featureFlag, flagKey, variationType } = flag;
  const exposure: ExposureBase | null = isLogged
    ? Object.freeze({
        experiment: null,
        featureFlag,
        allocation,
        variation: variation.key,
        extraLogging: extraMembers(extraLogging),
        eventFields,
      })
    : null;
  const type = valueTypeOf(variationType);
  // A flag of an unknown type is rejected before its splits are evaluated.
  if (type !== "unknown" && !isOfType(variation.value, type)) {
    return wrongType(flagKey, type, variation, exposure);
  }
  const json = type === "json" ? (variation.value as string) : null; // its type was just checked
  const assigned: Evaluation = Object.freeze({
    kind: "assigned",
    how,
    value: variation.value,
    json,
    variation: variation.key,
    allocation,
    exposure,
  });
  try {
    if (json !== null) JSON.parse(json);
  } catch (cause) {
    // What JSON.parse throws. Quirk: where no type is expected, the string is assigned (eppo).
    return { outcome: failure(cause as SyntaxError, { ...assigned, json: null }), variation };
  }
  return { outcome: assigned, variation };
}

function wrongType(
  flagKey: string,
  type: ValueType,
  variation: VariationWire,
  exposure: ExposureBase | null,
): MadeOutcome {
  const { key } = variation;
  const value = convertToString(variation.value, "value");
  // Quirk: the vendor throws while it builds the message, and its details then name no variation (eppo).
  if (value instanceof DecodeError) return { outcome: failure(value), variation: null };
  const message = `Variation (${key}) is configured for type ${variationTypeOf(type)}, but is set to incompatible value (${value})`;
  const error = new EvaluationError("SORTITION_TYPE_MISMATCH", flagKey, message);
  return { outcome: Object.freeze({ kind: "error", error, exposure }), variation };
}

function failure(cause: Error, untyped: Evaluation | null = null): SplitFailure {
  return { kind: "failure", cause, untyped };
}

/** A split that fails for every subject. It belongs to no allocation, so that parts with one error share it. */
function failingSplit(cause: DecodeError, { failingSplits, observer }: FlagContext): CompiledSplit {
  const known = failingSplits.get(cause);
  if (known !== undefined) return known;
  const split = new Split({
    shards: [observer.shard(cause, failingShard(cause))],
    allocation: null,
    variation: failure(cause),
    variationKey: "",
    extraLogging: {},
    facts: null,
  });
  failingSplits.set(cause, split);
  return split;
}
