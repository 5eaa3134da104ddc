import type { Decoded } from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { md5Int32, md5Prefix } from "../../hash/md5.js";
import type { HashPrefix } from "../../hash/prefix.js";
import type { BoundsWire, RangeWire, ShardWire } from "../wire.js";

/** Hashes subjects into the shards of one salt and size. */
export interface Sharder {
  /** Index within the flag. */
  readonly index: number;
  readonly prefix: HashPrefix;
  /** Number of shards, 10,000 in practice. With 0, every shard is NaN, which is in no range. */
  readonly totalShards: number;
}

/** A shard condition of a split: `uint32be(md5(salt + "-" + subjectKey)) mod totalShards` in a range. */
export interface CompiledShard {
  /** `null`: the condition fails for every subject. */
  readonly sharder: Sharder | null;
  /** The first range, stored separately because most conditions have only one. Empty if there is none. */
  readonly start: number;
  readonly end: number;
  readonly others: readonly RangeWire[];
  /**
   * Tests the ranges starting with the first malformed one, for shards that are in none of the ranges before it. Throws
   * where the vendor's SDK would read the malformed part. `null`: no range is malformed.
   */
  readonly rest: ((shard: number, subjectKey: string) => boolean) | null;
}

const NOWHERE: RangeWire = { start: 0, end: 0 };
const NO_RANGES: readonly RangeWire[] = [];

/** The shards of one subject, by index of the sharder. -1: not computed yet. */
export type KnownShards = Float64Array;

/**
 * Compiles one shard condition.
 *
 * @param flagTotal - number of shards, unless the condition has its own.
 * @param sharders - the flag's sharders. Conditions with the same salt and number of shards share one hash per
 * evaluation.
 */
export function compileShard(
  wire: ShardWire,
  flagTotal: Decoded<number>,
  sharders: Map<string, Sharder>,
): CompiledShard {
  const { ranges, salt, totalShards = flagTotal } = wire;
  if (salt instanceof DecodeError) return failingShard(salt);
  if (totalShards instanceof DecodeError) return failingShard(totalShards);
  const key = wire.totalShards === undefined ? salt : `${totalShards} ${salt}`;
  let sharder = sharders.get(key);
  if (sharder === undefined) {
    sharder = { index: sharders.size, prefix: md5Prefix(`${salt}-`), totalShards };
    sharders.set(key, sharder);
  }
  const readable = readableRanges(ranges);
  const { start, end } = readable[0] ?? NOWHERE;
  const others = readable.length > 1 ? readable.slice(1) : NO_RANGES;
  const malformed = ranges.slice(readable.length);
  const rest =
    malformed.length === 0 ? null : (shard: number): boolean => isInMalformed(shard, malformed);
  return { sharder, start, end, others, rest };
}

/** Creates a shard condition that fails for every subject. */
export function failingShard(failure: Error): CompiledShard {
  return shardOfRest(() => {
    throw failure;
  });
}

/** Creates a shard condition without ranges, so that only `rest` is called. */
export function shardOfRest(rest: NonNullable<CompiledShard["rest"]>): CompiledShard {
  return { sharder: null, ...NOWHERE, others: NO_RANGES, rest };
}

/** Returns the rule in whose place the shard conditions of a split are recorded. */
export function ruleOfSplit(split: number): number {
  return -1 - split;
}

/** Returns the ranges before the first malformed one. */
export function readableRanges(ranges: ShardWire["ranges"]): readonly RangeWire[] {
  const failedAt = ranges.findIndex((range) => problemOf(range) !== null);
  return (failedAt === -1 ? ranges : ranges.slice(0, failedAt)) as readonly RangeWire[]; // none has a problem
}

/** Returns why a range cannot be read, or `null`. */
export function problemOf(range: Decoded<BoundsWire>): DecodeError | null {
  if (range instanceof DecodeError) return range;
  if (range.start instanceof DecodeError) return range.start;
  return range.end instanceof DecodeError ? range.end : null;
}

/** Quirk: the end of a range is only read for shards at or after its start (eppo). */
function isInMalformed(shard: number, ranges: ShardWire["ranges"]): boolean {
  return ranges.some((range) => {
    const { end, start } = thrown(range);
    return thrown(start) <= shard && shard < thrown(end);
  });
}

function thrown<T>(decoded: Decoded<T>): T {
  if (decoded instanceof DecodeError) throw decoded;
  return decoded;
}

/**
 * Whether a subject satisfies a shard condition.
 *
 * @throws URIError if the subject key has a lone surrogate, as in the vendor's SDK.
 */
export function isInShard(
  { sharder, start, end, others, rest }: CompiledShard,
  subjectKey: string,
  known: KnownShards,
): boolean {
  if (sharder === null) return isInRest(rest, subjectKey);
  const shard = shardOf(sharder, subjectKey, known);
  if ((start <= shard && shard < end) || isInRanges(shard, others)) return true;
  return rest?.(shard, subjectKey) ?? false;
}

/** A separate function, because only malformed and recorded conditions need it. */
function isInRest(rest: CompiledShard["rest"], subjectKey: string): boolean {
  return rest?.(Number.NaN, subjectKey) ?? false;
}

function shardOf(sharder: Sharder, subjectKey: string, known: KnownShards): number {
  const { index } = sharder;
  const seen = known[index] as number; // there is one for each salt of the flag
  if (seen !== -1) return seen;
  const shard = (md5Int32(subjectKey, sharder.prefix) >>> 0) % sharder.totalShards;
  known[index] = shard;
  return shard;
}

/** Whether a shard is in one of the ranges. */
export function isInRanges(shard: number, ranges: readonly RangeWire[]): boolean {
  // Indexed loop, because this runs for every split of every evaluation.
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i] as RangeWire; // i < length
    if (range.start <= shard && shard < range.end) return true;
  }
  return false;
}

/** Known shards for evaluations without salts. */
export const NO_KNOWN_SHARDS: KnownShards = /* @__PURE__ */ new Float64Array(0);

let spare: KnownShards | null = null;

/**
 * Takes an array for the shards of one evaluation, which are all unknown. Return it with {@link returnShards}. A nested
 * evaluation (e.g. in a getter of an attribute) takes its own array.
 */
export function takeShards(saltCount: number): KnownShards {
  const room =
    spare !== null && spare.length >= saltCount ? spare : new Float64Array(Math.max(saltCount, 8));
  spare = null;
  for (let i = 0; i < saltCount; i++) room[i] = -1;
  return room;
}

/** Returns an array for reuse. It contains only numbers, and nothing that identifies the subject. */
export function returnShards(room: KnownShards): void {
  spare = room;
}
