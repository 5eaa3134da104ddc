import {
  attempt,
  attemptEach,
  type Decoded,
  DecodeError,
  expectObject,
  type Interned,
  type Murmur3Prefix,
  murmur3Prefix,
  murmur3Uint32,
  type Report,
  unexpected,
} from "@sortition/core/dialect";
import { compileSelector, type Selector } from "../condition/selector.js";
import { stringAt, textOf } from "../condition/text.js";
import { decoded, listIn, Soundness } from "./decoded.js";
import type { EvaluationCall } from "./evaluation-call.js";
import type { Outcome, OutcomesByName } from "./outcome.js";

/** Part of the distribution of an allocation: a range of shares. */
export interface Distribution extends HalfOpenRange {
  /** As received. */
  readonly variant: unknown;
  /** `undefined` until a user gets it. */
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

/** What a user was bucketed by. */
export interface Bucketed {
  /** Shard out of 100 that chooses the allocation. */
  readonly percentile: number;
  /** Shard out of 42,949,673 that chooses the distribution. */
  readonly share: number;
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
  /** @throws what the outcome of a variant would throw. */
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

/** @throws DecodeError if the selector is not a list. */
export function selectorAt(raw: unknown, path: string): Selector {
  try {
    return compileSelector(raw);
  } catch (cause) {
    throw new DecodeError(path, "expected an array of strings", { cause });
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
 * Bounds are compared as numbers: a bound that is not a number includes no shard. Quirk: any value but `null` and
 * `undefined` may stand for the list, and its members `0` and `1` are the bounds (amplitude).
 */
function rangeAt(raw: unknown, path: string, report: Report): HalfOpenRange {
  if (raw === null || raw === undefined) throw unexpected(path, "an array", raw);
  if (!Array.isArray(raw)) report(unexpected(path, "an array", raw));
  const { 0: start, 1: end } = raw as ArrayLike<unknown>;
  return { start: Number(start), end: Number(end) };
}

/** Upper bound of the shards that choose a distribution. */
export const DISTRIBUTION_SHARDS = 42_949_673;

/** The string that a user is bucketed by; empty: the user cannot be bucketed. */
export function bucketingText(bucket: Bucket, call: EvaluationCall): string {
  return textOf(bucket.select(call)) ?? "";
}

/** Hashes salt and user. */
export function bucketedBy(bucket: Bucket, text: string): Bucketed {
  const hash = murmur3Uint32(text, bucket.salt);
  return { percentile: hash % 100, share: (hash / 100) >>> 0 };
}

/**
 * The outcome of the distribution that a user falls into.
 *
 * @returns `undefined` if the user falls into none, `null` if its variant does not exist.
 */
export function outcomeIn(
  bucket: Bucket,
  text: string,
  segment: OutcomesByName,
): Outcome | null | undefined {
  const { isSound } = bucket;
  // An unsigned integer already. Where the hash is called, and not compiled into this, it arrives as a
  // number of any kind, and what follows would be computed with fractions.
  const hash = murmur3Uint32(text, bucket.salt) >>> 0;
  const percentile = hash % 100;
  const share = (hash / 100) >>> 0;
  // Indexed loops: they run for most evaluations.
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
