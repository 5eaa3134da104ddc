import type { Decoded, JsonObject } from "../../conditions/decode.js";
import { type PatternGuard, UNGUARDED } from "../../conditions/risky-pattern/guard.js";
import { DecodeError, EvaluationError } from "../../errors/errors.js";
import type { Assigned, Evaluation, How } from "../../model/evaluation.js";
import type { ExposureBase } from "../../model/exposure.js";
import type { ValueType } from "../../model/flag.js";
import type { Scope } from "../../model/scope.js";
import type { Subject } from "../../model/subject.js";
import { type Observer, UNOBSERVED } from "../explain/observer.js";
import { convertToString } from "./conversion.js";
import { evaluateFlag, FLAG_DISABLED } from "./evaluate.js";
import type { CompiledAllocation, CompiledSplit, UfcFlag, Window } from "./flag.js";
import { howOfAllocation } from "./how.js";
import { compileRule } from "./rule.js";
import { compileShard, failingShard, type Sharder } from "./shard.js";
import { isOfType, valueTypeOf, variationTypeOf } from "./value.js";
import type { AllocationWire, FlagWire, SplitWire, VariationWire } from "./wire.js";

/**
 * Compiles a decoded flag. Its conditions are hashed if `isObfuscated`; everything else is plain.
 *
 * @param guard - for patterns, which are at a path that begins at the flag.
 */
export function compileFlag(
  key: string,
  wire: FlagWire,
  isObfuscated: boolean,
  guard: PatternGuard = UNGUARDED,
  observer: Observer = UNOBSERVED,
): UfcFlag {
  const sharders = new Map<string, Sharder>();
  const eventFields = Object.freeze({ entityId: wire.entityId });
  const context = {
    flagKey: key,
    flag: wire,
    eventFields,
    isObfuscated,
    sharders,
    observer,
    guard,
  };
  const allocations = wire.allocations.map((it, i) => compileAllocation(it, i, context));
  return {
    valueType: valueTypeOf(wire.variationType),
    isEnabled: wire.isEnabled,
    isObfuscated,
    allocations,
    saltCount: sharders.size,
    evaluate: evaluateThis,
    key,
    variationType: wire.variationType,
    failure: null,
  };
}

/** Shared by all flags: a closure per flag would retain everything that the flag was compiled from. */
function evaluateThis(this: UfcFlag, subject: Subject, scope: Scope): Evaluation {
  return evaluateFlag(this, subject, scope);
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

/** Context of the allocations of one flag. */
interface FlagContext {
  readonly flagKey: string;
  readonly flag: FlagWire;
  /** One object for the exposures of all splits. */
  readonly eventFields: ExposureBase["eventFields"] & object;
  readonly isObfuscated: boolean;
  readonly sharders: Map<string, Sharder>;
  readonly observer: Observer;
  readonly guard: PatternGuard;
}

function compileAllocation(
  wire: AllocationWire,
  index: number,
  context: FlagContext,
): CompiledAllocation {
  const { flag, guard, isObfuscated, observer } = context;
  const window = compileWindow(wire);
  const isFirst = index === 0 && window === null;
  const how = howOfAllocation(wire, flag.totalShards, isFirst);
  const rules =
    wire.rules instanceof DecodeError
      ? [compileRule(wire.rules, isObfuscated, observer)]
      : wire.rules.map((rule, i) =>
          compileRule(rule, isObfuscated, observer, (pattern, path) =>
            guard(pattern, `.allocations[${index}].rules[${i}]${path}`),
          ),
        );
  const splits =
    wire.splits instanceof DecodeError
      ? [failingSplit(wire.splits, observer)]
      : wire.splits.map((split) => compileSplit(split, wire, how, context));
  return {
    key: wire.key,
    window,
    rules: rules.length === 0 ? null : rules,
    splits,
    doLog: wire.doLog,
  };
}

/** `null`: always active. */
export function compileWindow({ endAtMs, startAtMs }: AllocationWire): Window | null {
  if (startAtMs instanceof DecodeError) {
    return { startAtMs: Number.NaN, endAtMs: Number.NaN, failure: startAtMs };
  }
  if (endAtMs instanceof DecodeError) return { startAtMs, endAtMs: Number.NaN, failure: endAtMs };
  if (Number.isNaN(startAtMs) && Number.isNaN(endAtMs)) return null;
  return { startAtMs, endAtMs, failure: null };
}

function compileSplit(
  split: Decoded<SplitWire>,
  allocation: AllocationWire,
  how: How,
  context: FlagContext,
): CompiledSplit {
  const { flagKey, flag, eventFields, isObfuscated, sharders, observer } = context;
  if (split instanceof DecodeError) return failingSplit(split, observer);
  if (split.shards instanceof DecodeError) return failingSplit(split.shards, observer);
  const exposure = (variation: VariationWire): ExposureBase | null =>
    allocation.doLog
      ? Object.freeze({
          experiment: null,
          featureFlag: isObfuscated ? null : flag.key,
          allocation: allocation.key,
          variation: variation.key,
          extraLogging: split.extraLogging,
          eventFields,
        })
      : null;
  const shards = split.shards.map((shard) =>
    observer.shard(
      shard,
      shard instanceof DecodeError
        ? failingShard(shard)
        : compileShard(shard, flag.totalShards, sharders),
    ),
  );
  const via = { how, allocation: allocation.key };
  const { outcome, variation } = compileOutcome(flagKey, split.variationKey, via, flag, exposure);
  return {
    shard: shards[0] ?? null,
    furtherShards: shards.length > 1 ? shards.slice(1) : null,
    outcome,
    variationKey: split.variationKey instanceof DecodeError ? "" : split.variationKey,
    extraLogging: split.extraLogging,
    variation,
  };
}

function compileOutcome(
  flagKey: string,
  variationKey: Decoded<string>,
  via: Pick<Assigned, "how" | "allocation">,
  flag: FlagWire,
  exposureOf: (variation: VariationWire) => ExposureBase | null,
): Pick<CompiledSplit, "outcome" | "variation"> {
  if (flag.variations instanceof DecodeError) return failure(flag.variations, null);
  if (variationKey instanceof DecodeError) return failure(variationKey, null);
  const variation = flag.variations.get(variationKey);
  if (variation === undefined) {
    return failure(new Error(`no variation "${variationKey}" in flag "${flagKey}"`), null);
  }
  if (variation instanceof DecodeError) return failure(variation, null);

  const type = valueTypeOf(flag.variationType);
  const exposure = exposureOf(variation);
  // A flag of an unknown type is rejected before its splits are evaluated.
  if (type !== "unknown" && !isOfType(variation.value, type)) {
    return compileWrongType(flagKey, type, variation, exposure);
  }
  const json = type === "json" ? (variation.value as string) : null; // its type was just checked
  if (json !== null) {
    try {
      JSON.parse(json);
    } catch (cause) {
      return failure(cause as SyntaxError, variation); // what JSON.parse throws
    }
  }
  const outcome: Evaluation = Object.freeze({
    kind: "assigned",
    how: via.how,
    value: variation.value,
    json,
    variation: variation.key,
    allocation: via.allocation,
    exposure,
  });
  return { outcome, variation };
}

function compileWrongType(
  flagKey: string,
  type: ValueType,
  variation: VariationWire,
  exposure: ExposureBase | null,
): Pick<CompiledSplit, "outcome" | "variation"> {
  const { key } = variation;
  const value = convertToString(variation.value, "value");
  // Quirk: the vendor throws while it builds the message, and its details then name no variation (eppo).
  if (value instanceof DecodeError) return failure(value, null);
  const message = `Variation (${key}) is configured for type ${variationTypeOf(type)}, but is set to incompatible value (${value})`;
  const error = new EvaluationError("SORTITION_TYPE_MISMATCH", flagKey, message);
  return { outcome: Object.freeze({ kind: "error", error, exposure }), variation };
}

function failure(
  cause: Error,
  variation: VariationWire | null,
): Pick<CompiledSplit, "outcome" | "variation"> {
  return { outcome: { kind: "failure", cause }, variation };
}

function failingSplit(cause: DecodeError, observer: Observer): CompiledSplit {
  return {
    shard: observer.shard(cause, failingShard(cause)),
    furtherShards: null,
    variationKey: "",
    extraLogging: {},
    ...failure(cause, null),
  };
}
