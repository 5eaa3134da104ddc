import { md5Prefix, md5Uint32 } from "../../hash/md5.js";
import type { HashPrefix } from "../../hash/prefix.js";
import type { RangeWire, ShardWire } from "./wire.js";

/** What puts subjects into the shards of one salt. */
export interface Sharder {
  /** Its number within the flag. */
  readonly index: number;
  readonly prefix: HashPrefix;
  /** Size of the shard space, 10,000 in practice; with 0 a shard is NaN, which lies nowhere. */
  readonly totalShards: number;
}

/** A shard condition of a split: `uint32be(md5(salt + "-" + subjectKey)) mod totalShards` in a range. */
export interface CompiledShard {
  /** `null`: it fails whoever reaches it. */
  readonly sharder: Sharder | null;
  /** The first range, apart from the others: most conditions have but one. Empty if there is none. */
  readonly start: number;
  readonly end: number;
  readonly others: readonly RangeWire[];
  /** Thrown at a subject that lies in none of the ranges. */
  readonly failure: Error | null;
}

const NOWHERE: RangeWire = { start: 0, end: 0 };
const NO_RANGES: readonly RangeWire[] = [];

/** The shards of one subject, by the numbers of their salts; -1: not known yet. */
export type KnownShards = Float64Array;

/**
 * Compiles one shard condition.
 *
 * @param sharders - the flag's, by salt: conditions with the same salt hash a subject once per
 * evaluation between them.
 */
export function compileShard(
  wire: ShardWire,
  totalShards: number,
  sharders: Map<string, Sharder>,
): CompiledShard {
  const { salt, ranges } = wire;
  let sharder = sharders.get(salt);
  if (sharder === undefined) {
    sharder = { index: sharders.size, prefix: md5Prefix(`${salt}-`), totalShards };
    sharders.set(salt, sharder);
  }
  const { start, end } = ranges[0] ?? NOWHERE;
  const others = ranges.length > 1 ? ranges.slice(1) : NO_RANGES;
  return { sharder, start, end, others, failure: wire.failure ?? null };
}

/** A shard condition that fails whoever reaches it. */
export function failingShard(failure: Error): CompiledShard {
  return { sharder: null, ...NOWHERE, others: NO_RANGES, failure };
}

/**
 * Whether a subject meets a shard condition.
 *
 * @throws URIError if the subject key has a lone surrogate, as in the vendor's SDK.
 */
export function isInShard(
  { sharder, start, end, others, failure }: CompiledShard,
  subjectKey: string,
  known: KnownShards,
): boolean {
  if (sharder !== null) {
    const shard = shardOf(sharder, subjectKey, known);
    if ((start <= shard && shard < end) || isInRanges(shard, others)) return true;
  }
  if (failure !== null) throw failure;
  return false;
}

function shardOf(sharder: Sharder, subjectKey: string, known: KnownShards): number {
  const { index } = sharder;
  const seen = known[index] as number; // as many as the flag has salts
  if (seen !== -1) return seen;
  const shard = md5Uint32(subjectKey, sharder.prefix) % sharder.totalShards;
  known[index] = shard;
  return shard;
}

/** An empty list of ranges contains nothing. */
export function isInRanges(shard: number, ranges: readonly RangeWire[]): boolean {
  // Indexed loop: this runs for every split of every evaluation.
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i] as RangeWire; // i < length
    if (range.start <= shard && shard < range.end) return true;
  }
  return false;
}

/** Of an evaluation without salts. */
export const NO_SHARDS: KnownShards = /* @__PURE__ */ new Float64Array(0);

let spare: KnownShards | null = null;

/**
 * Room for the shards of one evaluation, none of them known. To be given back; an evaluation inside
 * another one (of an attribute that evaluates a flag when it is read) gets room of its own.
 */
export function takeShards(saltCount: number): KnownShards {
  const room =
    spare !== null && spare.length >= saltCount ? spare : new Float64Array(Math.max(saltCount, 8));
  spare = null;
  for (let i = 0; i < saltCount; i++) room[i] = -1;
  return room;
}

/** Gives back what {@link takeShards} gave. It holds numbers, nothing of the subject's. */
export function returnShards(room: KnownShards): void {
  spare = room;
}
