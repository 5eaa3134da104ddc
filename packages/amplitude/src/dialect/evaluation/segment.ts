import {
  attemptEach,
  type ConditionPlace,
  type Decoded,
  expectArray,
  type How,
  isJsonObject,
  type JsonObject,
  type PatternGuard,
  type Recorder,
  type Report,
  unexpected,
} from "@sortition/core/dialect";
import type { Interned } from "@sortition/core/dialect-internal";
import { type Condition, compileCondition } from "../condition/condition.js";
import { stringAt } from "../condition/text.js";
import {
  type Bucket,
  bucketingText,
  compileBucket,
  outcomeIn,
  type RecordedSegment,
  recordBucket,
} from "./bucket.js";
import { decoded, Soundness } from "./decoded.js";
import type { EvaluationCall } from "./evaluation-call.js";
import { effectOfSegment, type SegmentEffect } from "./how-of-segment.js";
import { checkOutcome, Outcome, type OutcomesByName } from "./outcome.js";

/** Conditions that must all match. */
export type Rule = Decoded<readonly Decoded<Condition>[]>;

/** The parts of a flag that the outcomes of all its segments use. */
export interface FlagFacts {
  readonly key: string;
  readonly metadata: unknown;
  /**
   * Variants by key. Quirk: anything except `null` is accepted, and a list or a string has variants
   * by index (amplitude).
   */
  readonly variants: JsonObject;
}

interface SegmentParts extends SegmentEffect {
  readonly flag: FlagFacts;
  readonly isSound: boolean;
  readonly rules: Decoded<readonly Rule[]> | null;
  readonly bucket: Decoded<Bucket> | null;
  /** Name of the segment's own variant, as received. */
  readonly variant: unknown;
  readonly metadata: unknown;
}

const NONE_MADE: readonly Outcome[] = [];

/** A segment of a flag. A flag's segments are tried in order. */
export class Segment implements OutcomesByName {
  /** False if a part is malformed. */
  readonly isSound: boolean;
  /** At least one rule must match. `null`: every user matches. */
  readonly rules: Decoded<readonly Rule[]> | null;
  /** `null`: all users are assigned the segment's own variant. */
  readonly bucket: Decoded<Bucket> | null;
  /** Whether the bucket gives different results. */
  readonly isSplit: boolean;
  /** The metadata as received. */
  readonly metadata: unknown;
  readonly #flag: FlagFacts;
  readonly #variant: unknown;
  readonly #how: How;
  /** `undefined` until a user is assigned it. */
  #outcome: Outcome | null | undefined = undefined;
  /** Outcomes of the different variants. */
  #made = NONE_MADE;

  constructor({ bucket, flag, how, isSound, isSplit, metadata, rules, variant }: SegmentParts) {
    this.isSound = isSound;
    this.rules = rules;
    this.bucket = bucket;
    this.isSplit = isSplit;
    this.metadata = metadata;
    this.#flag = flag;
    this.#variant = variant;
    this.#how = how;
  }

  /**
   * Outcome of the segment's own variant, or `null` if it has none or the variant does not exist.
   */
  get outcome(): Outcome | null {
    if (this.#outcome === undefined) this.#outcome = this.outcomeOf(this.#variant);
    return this.#outcome;
  }

  /** Returns the outcome of a variant by name, or `null` if there is no such variant. */
  outcomeOf(name: unknown): Outcome | null {
    const { key, metadata, variants } = this.#flag;
    const given = variantNamed(name, variants, "");
    if (!given) return null;
    const made = this.#made.find((it) => it.given === given);
    if (made !== undefined) return made;
    const outcome = new Outcome({
      how: this.#how,
      flagKey: key,
      flagMetadata: metadata,
      segmentMetadata: this.metadata,
      variant: given,
    });
    this.#made = [...this.#made, outcome];
    return outcome;
  }
}

function variantNamed(name: unknown, variants: JsonObject, path: string): unknown {
  if (name === undefined) return undefined;
  const key = stringAt(name, path);
  return Object.hasOwn(variants, key) ? variants[key] : undefined;
}

/** The flag that segments are compiled for. */
export interface SegmentSource {
  readonly facts: FlagFacts;
  /** JSON path of the flag. */
  readonly path: string;
  readonly interned: Interned;
  readonly guard: PatternGuard;
}

/** Compiles a segment. Malformed parts fail where the vendor reaches them. */
export function compileSegment(
  raw: unknown,
  path: string,
  source: SegmentSource,
  report: Report,
  isFirst: boolean,
): Segment {
  if (raw === null || raw === undefined) throw unexpected(path, "an object", raw);
  // Quirk: a segment or a bucket of another type has no members (amplitude).
  const known = (part: unknown, at: string): JsonObject | null => {
    if (isJsonObject(part)) return part;
    if (part) report(unexpected(at, "an object", part));
    return null;
  };
  const wire = known(raw, path) ?? {};
  const { conditions, metadata, variant } = wire;
  const bucket = known(wire["bucket"], `${path}.bucket`);
  const { facts, interned } = source;
  // Outcomes are created on demand, but a variant from which none can be created is an error of the
  // flag.
  const checkVariant = (name: unknown): void => {
    const variant = variantNamed(name, facts.variants, source.path);
    if (variant) checkOutcome(variant);
  };
  const soundness = new Soundness(report);
  const rules = conditions
    ? attemptEach(
        conditions,
        `${path}.conditions`,
        (it, at) => ruleAt(it, at, source, soundness.report),
        soundness.report,
      )
    : null;
  const split = bucket
    ? compileBucket(bucket, `${path}.bucket`, { checkVariant, interned }, soundness.report)
    : null;
  checkVariant(variant);
  return new Segment({
    flag: facts,
    isSound: soundness.isSound,
    rules,
    bucket: split,
    variant,
    metadata: interned.json(metadata),
    ...effectOfSegment({ rules, bucket: split, variant }, isFirst),
  });
}

function ruleAt(raw: unknown, path: string, source: SegmentSource, report: Report): Rule {
  // Quirk: an empty string is an empty list (amplitude).
  return attemptEach(
    raw === "" ? [] : expectArray(raw, path),
    path,
    (it, at) => conditionAt(it, at, source, report),
    report,
  );
}

/**
 * Compiles a condition. Equal well-formed conditions are shared between flags, but patterns are
 * checked for each flag.
 */
function conditionAt(
  raw: unknown,
  path: string,
  { guard, interned }: SegmentSource,
  report: Report,
): Condition {
  const soundness = new Soundness(report);
  let hasPattern = false;
  const guarding: PatternGuard = (pattern, at) => {
    hasPattern = true;
    return guard(pattern, at);
  };
  return interned.of(
    "condition",
    raw,
    () => compileCondition(raw, path, soundness.report, guarding),
    () => soundness.isSound && !hasPattern,
  );
}

/**
 * Returns the outcome of a segment for a user, or `null` if the next segment has to be tried.
 *
 * @throws in the same cases as the vendor's SDK.
 */
export function outcomeOfSegment(
  segment: Segment,
  call: EvaluationCall,
  recorded: RecordedSegment | null,
): Outcome | null {
  const { bucket, isSound, rules } = segment;
  if (rules !== null && !passes(rules, isSound, call, recorded)) return null;
  if (bucket === null) return segment.outcome;
  const split = decoded(bucket, isSound);
  const text = bucketingText(split, call);
  if (recorded !== null) recordBucket(split, text, recorded);
  call.bucketedBy = text;
  // Quirk: a user that cannot be bucketed is assigned the segment's own variant (amplitude).
  if (text === "") return segment.outcome;
  if (segment.isSplit) call.isPlaced = true;
  const found = outcomeIn(split, text, segment);
  return found === undefined ? segment.outcome : found;
}

function passes(
  given: Decoded<readonly Rule[]>,
  isSound: boolean,
  call: EvaluationCall,
  recorded: RecordedSegment | null,
): boolean {
  const rules = decoded(given, isSound);
  // Indexed loops, because they run for most evaluations.
  for (let i = 0; i < rules.length; i++) {
    const conditions = decoded(rules[i]!, isSound); // i < length
    let holds = true;
    for (let j = 0; holds && j < conditions.length; j++) {
      const condition = decoded(conditions[j]!, isSound); // j < length
      holds = condition.isTrue(call);
      if (recorded !== null) {
        const { allocation, recorder } = recorded;
        record({ allocation, rule: i, index: j }, condition.select(call), holds, recorder);
      }
    }
    if (holds) return true;
  }
  return false;
}

/** A separate function, because a closure in the loop would be created for each condition. */
function record(place: ConditionPlace, actual: unknown, holds: boolean, recorder: Recorder): void {
  recorder.condition(place, actual, () => holds);
}
