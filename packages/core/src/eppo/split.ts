import { DecodeError, EvaluationError } from "../errors/errors.js";
import type { Evaluation } from "../model/evaluation.js";
import type { ExposureBase } from "../model/exposure.js";
import type { ValueType } from "../model/flag.js";
import { convertToString } from "./conversion.js";
import type { CompiledShard } from "./evaluation/shard.js";
import { extraMembers } from "./events.js";
import type { CompiledAllocation, CompiledSplit, SplitFailure } from "./flag.js";
import { isOfType, valueTypeOf, variationTypeOf } from "./value.js";
import type { SplitFacts, VariationWire } from "./wire.js";

interface SplitParts extends Pick<CompiledSplit, "variationKey" | "extraLogging"> {
  readonly shards: readonly CompiledShard[];
  /** `null`: the split fails. */
  readonly allocation: CompiledAllocation | null;
  /** The variation, or the failure if there is none. */
  readonly variation: VariationWire | SplitFailure;
  /** `null`: those of the allocation. */
  readonly facts: SplitFacts | null;
}

/** A split whose outcome is created for the first subject that it matches. */
export class Split implements CompiledSplit {
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

  /** Outcome for the subjects that the split matches. */
  get outcome(): Evaluation | SplitFailure {
    return this.#outcome ?? this.#makeOutcome();
  }

  /** `null`: it was not found, or details do not name it. */
  get variation(): VariationWire | null {
    if (this.#outcome === null) this.#makeOutcome();
    return this.#variation;
  }

  #makeOutcome(): Evaluation | SplitFailure {
    // Only a split that has failed has no allocation.
    const [allocation, wire] = [this.#allocation as CompiledAllocation, this.#variation];
    const facts = this.#facts ?? factsOf(allocation);
    const made = outcomeOf(allocation, wire as VariationWire, this.extraLogging, facts);
    this.#outcome = made.outcome;
    this.#variation = made.variation;
    return made.outcome;
  }
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
  const json = type === "json" ? (variation.value as string) : null; // the type was just checked
  const assigned: Evaluation = Object.freeze({
    kind: "assigned",
    reason: how,
    value: variation.value,
    json,
    variation: variation.key,
    allocation,
    exposure,
  });
  try {
    if (json !== null) JSON.parse(json);
  } catch (cause) {
    // `JSON.parse` throws a SyntaxError. Quirk: if no type is expected, the string is assigned (eppo).
    return { outcome: splitFailure(cause as SyntaxError, { ...assigned, json: null }), variation };
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
  // Quirk: the vendor throws while it builds the message, so its details name no variation (eppo).
  if (value instanceof DecodeError) return { outcome: splitFailure(value), variation: null };
  const message = `Variation (${key}) is configured for type ${variationTypeOf(type)}, but is set to incompatible value (${value})`;
  const error = new EvaluationError("SORTITION_TYPE_MISMATCH", flagKey, message);
  return { outcome: Object.freeze({ kind: "error", error, exposure }), variation };
}

/** Creates an outcome that throws for each subject. */
export function splitFailure(cause: Error, untyped: Evaluation | null = null): SplitFailure {
  return { kind: "failure", cause, untyped };
}
