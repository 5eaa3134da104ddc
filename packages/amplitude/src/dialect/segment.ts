import {
  attempt,
  attemptEach,
  type Decoded,
  expectArray,
  expectObject,
  type How,
  type JsonObject,
  type PatternGuard,
  type Report,
} from "@sortition/core/dialect";
import { type Bucket, bucketingText, compileBucket, outcomeIn } from "./bucket.js";
import { type Condition, compileCondition } from "./condition.js";
import { decoded, Soundness } from "./decoded.js";
import { howOfSegment } from "./how-of-segment.js";
import type { SegmentObserver } from "./observer.js";
import type { Outcome } from "./outcome.js";
import type { Target } from "./target.js";

/** Conditions that must all hold. */
export type Rule = Decoded<readonly Decoded<Condition>[]>;

/** Ordered candidate of a flag. */
export interface Segment {
  /** Whether none of its parts is malformed. */
  readonly isSound: boolean;
  /** As received. */
  readonly wire: JsonObject;
  /** One must hold; `null`: every user passes. */
  readonly rules: Decoded<readonly Rule[]> | null;
  /** `null`: all users get the segment's own variant. */
  readonly bucket: Decoded<Bucket> | null;
  /** The segment's own variant; `null`: it has none, or it does not exist. */
  readonly outcome: Outcome | null;
}

/** What a segment with this metadata gives by the name of a variant; `null`: nothing. */
export type OutcomeOf = (variant: unknown, segmentMetadata: unknown, how: How) => Outcome | null;

/** Compiles one segment. Malformed parts fail where the vendor reaches them. */
export function compileSegment(
  raw: unknown,
  path: string,
  outcomeOf: OutcomeOf,
  report: Report,
  guard: PatternGuard,
  isFirst: boolean,
): Segment {
  const wire = expectObject(raw, path);
  const { bucket, conditions, metadata, variant } = wire;
  const how = howOfSegment(wire, isFirst);
  const outcomeHere = (name: unknown): Outcome | null => outcomeOf(name, metadata, how);
  const soundness = new Soundness(report);
  const parts = {
    wire,
    rules: conditions
      ? attemptEach(
          conditions,
          `${path}.conditions`,
          (it, at) => ruleAt(it, at, soundness.report, guard),
          soundness.report,
        )
      : null,
    bucket: bucket ? compileBucket(bucket, `${path}.bucket`, outcomeHere, soundness.report) : null,
    outcome: outcomeHere(variant),
  };
  return { isSound: soundness.isSound, ...parts };
}

function ruleAt(
  raw: unknown,
  path: string,
  report: Report,
  guard: PatternGuard,
): readonly Decoded<Condition>[] {
  return expectArray(raw, path).map((it, i) =>
    attempt(() => compileCondition(it, `${path}[${i}]`, report, guard), report),
  );
}

/**
 * What a segment gives to a user; `null`: the next segment is tried.
 *
 * @throws where the vendor's SDK throws.
 */
export function outcomeOfSegment(
  { bucket, isSound, outcome, rules }: Segment,
  target: Target,
  observer: SegmentObserver | null,
): Outcome | null {
  if (rules !== null && !passes(rules, isSound, target, observer)) return null;
  if (bucket === null) return outcome;
  const split = decoded(bucket, isSound);
  const text = bucketingText(split, target);
  if (observer !== null) observer.bucketed(text);
  target.bucketedBy = text;
  // Quirk: a user who cannot be bucketed gets the segment's own variant (amplitude).
  if (text === "") return outcome;
  const found = outcomeIn(split, text);
  return found === undefined ? outcome : found;
}

function passes(
  given: Decoded<readonly Rule[]>,
  isSound: boolean,
  target: Target,
  observer: SegmentObserver | null,
): boolean {
  const rules = decoded(given, isSound);
  // Indexed loops: they run for most evaluations.
  for (let i = 0; i < rules.length; i++) {
    const conditions = decoded(rules[i]!, isSound); // i < length
    let holds = true;
    for (let j = 0; holds && j < conditions.length; j++) {
      const condition = decoded(conditions[j]!, isSound); // j < length
      holds = condition.isTrue(target);
      if (observer !== null) observer.tested(i, j, holds, condition.select(target));
    }
    if (holds) return true;
  }
  return false;
}
