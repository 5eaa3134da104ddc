import { freshValue } from "../../fresh-value.js";
import type { Experiment, Result } from "../../wire.js";
import { hashValueOf } from "../attributes.js";
import type { EvaluationCall } from "../evaluation-call.js";
import { armOf } from "./arm.js";
import type { CompiledExperiment } from "./experiment.js";
import type { ObservedOutcome, Outcome } from "./outcome.js";

/**
 * The outcome of the last experiment. The vendor's objects are created when they are first read, because a repeated
 * exposure needs none of them.
 */
export class LazyOutcome implements ObservedOutcome {
  readonly #compiled: CompiledExperiment;
  readonly #given: Experiment<unknown> | null;
  readonly #variation: number;
  readonly #featureId: string | null;
  readonly #isIn: boolean;
  readonly #hashUsed: boolean;
  readonly #isSticky: boolean;
  readonly #bucket: number;
  readonly #hashAttribute: string;
  readonly #hashValue: string;
  #made: Outcome | null = null;

  /** @param given - the experiment for observers, or `null` to use the rule's. */
  constructor(
    compiled: CompiledExperiment,
    variation: number,
    featureId: string | null,
    given: Experiment<unknown> | null,
    context: EvaluationCall,
  ) {
    this.#compiled = compiled;
    this.#given = given;
    this.#variation = variation;
    this.#featureId = featureId;
    this.#isIn = context.isIn;
    this.#hashUsed = context.hashUsed;
    this.#isSticky = context.isSticky || context.isBlocked;
    this.#bucket = context.bucket;
    if (context.hashUsed) {
      this.#hashAttribute = context.hashAttribute;
      this.#hashValue = context.hashValue as string; // has the type that the vendor declares
    } else {
      // A user outside of the experiment has a hash value, too.
      const fallback = context.sticky === null ? null : compiled.sticky.fallbackAttribute;
      const hashed = hashValueOf(context, compiled.hashAttribute, fallback);
      this.#hashAttribute = hashed.hashAttribute;
      this.#hashValue = hashed.hashValue;
    }
  }

  get experimentKey(): string {
    return this.#compiled.key;
  }

  get exposureKey(): string {
    // The same key as from `exposureKeyOf`, without building the objects.
    const { key } = this.#given ?? this.#compiled;
    return this.#hashAttribute + this.#hashValue + key + this.#variation;
  }

  get made(): Outcome {
    if (this.#made === null) {
      // The members may have any type.
      const experiment = (this.#given ?? this.#compiled.origin.experiment) as Experiment<unknown>;
      this.#made = { experiment, result: this.#makeResult(experiment) };
    }
    return this.#made;
  }

  canReplace(other: ObservedOutcome): boolean {
    return (
      this.#made === null &&
      this.#given === null &&
      #made in other &&
      other.#given === null &&
      other.#compiled === this.#compiled &&
      other.#variation === this.#variation &&
      other.#hashValue === this.#hashValue &&
      other.#hashAttribute === this.#hashAttribute &&
      other.#featureId === this.#featureId &&
      other.#isIn === this.#isIn &&
      other.#hashUsed === this.#hashUsed &&
      // The bucket number is not compared, because it depends only on the members above.
      other.#isSticky === this.#isSticky
    );
  }

  #makeResult({ contextualBandit: leaf }: Experiment<unknown>): Result<unknown> {
    const compiled = this.#compiled;
    const { key, value } = armOf(compiled, this.#variation);
    const result: Result<unknown> = {
      key,
      featureId: this.#featureId,
      inExperiment: this.#isIn,
      hashUsed: this.#hashUsed,
      variationId: this.#variation,
      value: compiled.isGiven ? value : freshValue(value),
      hashAttribute: this.#hashAttribute,
      hashValue: this.#hashValue,
      stickyBucketUsed: this.#isSticky,
    };
    const meta = compiled.meta?.[this.#variation];
    if (meta?.name) result.name = meta.name;
    if (this.#hashUsed) result.bucket = this.#bucket;
    if (meta?.passthrough) result.passthrough = meta.passthrough;
    if (leaf && this.#hashUsed && this.#isIn) {
      result.leafId = leaf.leafId;
      result.variationWeights = leaf.variationWeights;
      if (leaf.banditVersion !== undefined) result.banditVersion = leaf.banditVersion;
    }
    return result;
  }
}
