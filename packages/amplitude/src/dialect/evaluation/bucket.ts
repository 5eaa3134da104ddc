import {
  attempt,
  attemptEach,
  type Decoded,
  decodeError,
  expectObject,
  murmur3Uint32,
  type Recorder,
  type Report,
  unexpected,
} from "@sortition/core/dialect";
import { type Interned, type Murmur3Prefix, murmur3Prefix } from "@sortition/core/dialect-internal";
import { compileSelector, type Selector } from "../condition/selector.js";
import { stringAt, textOf } from "../condition/text.js";
import { decoded, listIn, Soundness } from "./decoded.js";
import type { EvaluationCall } from "./evaluation-call.js";
import type { Outcome, OutcomesByName } from "./outcome.js";

/** Part of the distributions of an allocation: a range of shares. */
export interface Distribution extends HalfOpenRange {
  /** The variant as received. */
  readonly variant: unknown;
  /** `undefined` until a user is assigned it. */
  outcome: Outcome | null | undefined;
}

/** Part of the percentage of a bucket: a range of percentiles. */
export interface Allocation extends HalfOpenRange {
  readonly distributions: Decoded<readonly Decoded<Distribution>[]>;
}

/** `start <= shard < end` */
export interface HalfOpenRange {
  readonly start: number;
  readonly end: number;
}

/** The traffic of a segment, split by a hash. */
export interface Bucket {
  /** False if a part is malformed. */
  readonly isSound: boolean;
  readonly select: Selector;
  readonly salt: Murmur3Prefix;
  readonly allocations: Decoded<readonly Decoded<Allocation>[]>;
}

interface BucketSource {
  readonly interned: Interned;
  /** @throws the error that creating the variant's outcome would throw. */
  checkVariant(name: unknown): void;
}

/** Compiles the bucket of a segment. Malformed parts fail where the vendor reaches them. */
export function compileBucket(
  raw: unknown,
  path: string,
  { checkVariant, interned }: BucketSource,
  report: Report,
): Decoded<Bucket> {
  const soundness = new Soundness(report);
  return attempt(() => {
    const { allocations, salt, selector } = expectObject(raw, path);
    const select = interned.of("selector", selector, () =>
      selectorAt(selector, `${path}.selector`),
    );
    const prefix = murmur3Prefix(`${stringAt(salt, `${path}.salt`)}/`);
    const place = `${path}.allocations`;
    const compiled = attemptEach(
      listIn(allocations, place, soundness.report),
      place,
      (it, at) => compileAllocation(it, at, checkVariant, soundness.report),
      soundness.report,
    );
    return { isSound: soundness.isSound, select, salt: prefix, allocations: compiled };
  }, report);
}

/**
 * Compiles a selector.
 *
 * @throws DecodeError if it is not a list.
 */
export function selectorAt(raw: unknown, path: string): Selector {
  try {
    return compileSelector(raw);
  } catch (cause) {
    throw decodeError(path, "expected an array of strings", { cause });
  }
}

function compileAllocation(
  raw: unknown,
  path: string,
  checkVariant: (name: unknown) => void,
  report: Report,
): Allocation {
  const { distributions, range } = expectObject(raw, path);
  const { end, start } = rangeAt(range, `${path}.range`, report);
  const place = `${path}.distributions`;
  return {
    start,
    end,
    distributions: attemptEach(
      listIn(distributions, place, report),
      place,
      (it, at): Distribution => {
        const { range: part, variant } = expectObject(it, at);
        const { end, start } = rangeAt(part, `${at}.range`, report);
        checkVariant(variant);
        return { start, end, variant, outcome: undefined };
      },
      report,
    ),
  };
}

/**
 * Compares bounds as numbers. A bound that is not a number includes no shard. Quirk: any value
 * except `null` and `undefined` may replace the list, and its members `0` and `1` are the bounds
 * (amplitude).
 */
function rangeAt(raw: unknown, path: string, report: Report): HalfOpenRange {
  if (raw === null || raw === undefined) throw unexpected(path, "an array", raw);
  if (!Array.isArray(raw)) report(unexpected(path, "an array", raw));
  const { 0: start, 1: end } = raw as ArrayLike<unknown>;
  return { start: Number(start), end: Number(end) };
}

/** Number of shards that select the allocation. */
export const PERCENTILES = 100;
/** Number of shards that select a distribution. */
export const DISTRIBUTION_SHARDS = 42_949_673;

/** Returns the string that a user is bucketed by. Empty if the user cannot be bucketed. */
export function bucketingText(bucket: Bucket, call: EvaluationCall): string {
  return textOf(bucket.select(call)) ?? "";
}

/** Where the tests of a segment are recorded. */
export interface RecordedSegment {
  readonly recorder: Recorder;
  readonly allocation: string;
}

/** Records that a segment is tried, until its outcome is recorded. */
export function recordSegment(index: number, recorder: Recorder): RecordedSegment {
  const allocation = String(index);
  recorder.tried(allocation, null);
  return { recorder, allocation };
}

/** Records the shards of a user, who is in none if there is nothing to hash. */
export function recordBucket(
  { salt }: Bucket,
  text: string,
  { allocation, recorder }: RecordedSegment,
): void {
  const hash = text === "" ? Number.NaN : murmur3Uint32(text, salt);
  const share = Math.floor(hash / PERCENTILES);
  recorder.shard(allocation, { totalShards: PERCENTILES }, hash % PERCENTILES);
  recorder.shard(allocation, { totalShards: DISTRIBUTION_SHARDS }, share);
}

/**
 * Returns the outcome of the user's distribution.
 *
 * @returns `undefined` if the user is in no distribution, `null` if its variant does not exist.
 */
export function outcomeIn(
  bucket: Bucket,
  text: string,
  segment: OutcomesByName,
): Outcome | null | undefined {
  const { isSound } = bucket;
  // The hash is already an unsigned integer. But if its call is not inlined, V8 treats the result
  // as a number of any kind, and would calculate with fractions from here on.
  const hash = murmur3Uint32(text, bucket.salt) >>> 0;
  const percentile = hash % 100;
  const share = (hash / 100) >>> 0;
  // Indexed loops, because they run for most evaluations.
  const allocations = decoded(bucket.allocations, isSound);
  for (let i = 0; i < allocations.length; i++) {
    const allocation = decoded(allocations[i]!, isSound); // i < length
    if (!(allocation.start <= percentile && percentile < allocation.end)) continue;
    const parts = decoded(allocation.distributions, isSound);
    for (let j = 0; j < parts.length; j++) {
      const part = decoded(parts[j]!, isSound); // j < length
      if (!(part.start <= share && share < part.end)) continue;
      // Quirk: a distribution without a variant ends the search (amplitude).
      return part.outcome === undefined ? makeOutcome(part, segment) : part.outcome;
    }
  }
  return undefined;
}

function makeOutcome(part: Distribution, segment: OutcomesByName): Outcome | null {
  part.outcome = segment.outcomeOf(part.variant);
  return part.outcome;
}
