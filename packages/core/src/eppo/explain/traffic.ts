import type { TrafficShares } from "../../explain/description.js";
import type { RangeWire } from "../wire.js";

/** The parts of a split that determine its traffic. */
export interface TrafficSplit {
  readonly variationKey: string;
  readonly shards: readonly {
    readonly salt: string;
    readonly ranges: readonly RangeWire[];
    /** Number of shards. Default: that of the flag. */
    readonly totalShards?: number;
  }[];
}

const MAX_CELLS = 100_000;

/**
 * Computes the exact share of subjects that each variation gets from an allocation's splits, because hashes with
 * different salts are independent. The shards of each salt are cut where a range starts or ends. In each cell of the
 * product of these cuts, the first split that matches wins.
 *
 * @param totalShards - number of shards, unless a shard condition has its own.
 * @returns `null` if there are too many cells to visit, a number of shards is not a positive integer, or a salt has two
 * different ones.
 */
export function trafficShares(
  splits: readonly TrafficSplit[],
  totalShards: number,
): TrafficShares | null {
  if (!(Number.isSafeInteger(totalShards) && totalShards > 0)) return null;
  const axes = axesOf(splits, totalShards);
  if (axes === null) return null;
  const cellCount = axes.reduce((count, { cuts }) => count * cuts.length, 1);
  if (cellCount > MAX_CELLS) return null;
  const axisBySalt = new Map(axes.map((axis) => [axis.salt, axis]));
  const compiled = splits.map((split) => compileSplit(split, axisBySalt));
  // Shares are summed as numbers of shards if possible, because these are exact integers.
  const byVariation = new Map<string, number>();
  let assigned = 0;
  for (let cell = 0; cell < cellCount; cell++) {
    let size = totalShards;
    let rest = cell;
    for (const axis of axes) {
      const cut = rest % axis.cuts.length;
      rest = (rest - cut) / axis.cuts.length;
      axis.shard = axis.cuts[cut] as number; // cut < length
      size = (size * ((axis.cuts[cut + 1] ?? axis.size) - axis.shard)) / axis.size;
    }
    const winner = compiled.find(matchesCell);
    if (winner === undefined) continue;
    byVariation.set(winner.variationKey, (byVariation.get(winner.variationKey) ?? 0) + size);
    assigned += size;
  }
  return {
    byVariation: new Map([...byVariation].map(([key, size]) => [key, size / totalShards])),
    unassigned: Math.max(0, totalShards - assigned) / totalShards,
  };
}

/** The shards of one salt, cut into intervals within which no range starts or ends. */
interface Axis {
  readonly salt: string;
  /** Number of shards. */
  readonly size: number;
  /** Where the intervals start, ascending; the first one starts at 0. */
  readonly cuts: readonly number[];
  /** The start of the current cell's interval. */
  shard: number;
}

interface CompiledSplit {
  readonly variationKey: string;
  readonly shards: readonly CompiledShard[];
}

/** Ranges of one shard condition, sorted and disjoint, with integer bounds. */
interface CompiledShard {
  readonly axis: Axis;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Returns `null` if a number of shards is not a positive integer, or a salt has two different ones. */
function axesOf(splits: readonly TrafficSplit[], totalShards: number): readonly Axis[] | null {
  const points = new Map<string, { readonly size: number; readonly cuts: Set<number> }>();
  for (const { shards } of splits) {
    for (const { salt, ranges, totalShards: size = totalShards } of shards) {
      const known = points.get(salt) ?? { size, cuts: new Set([0]) };
      if (known.size !== size || !(Number.isSafeInteger(size) && size > 0)) return null;
      for (const { start, end } of ranges) {
        known.cuts.add(firstShardFrom(start, size)).add(firstShardFrom(end, size));
      }
      points.set(salt, known);
    }
  }
  return [...points].map(([salt, { cuts, size }]) => {
    cuts.delete(size);
    return { salt, size, cuts: [...cuts].sort((a, b) => a - b), shard: 0 };
  });
}

function compileSplit(
  { shards, variationKey }: TrafficSplit,
  axisBySalt: ReadonlyMap<string, Axis>,
): CompiledSplit {
  return {
    variationKey,
    shards: shards.map(({ ranges, salt }) => {
      const axis = axisBySalt.get(salt) as Axis; // each salt has one
      return { axis, ...mergeRanges(ranges, axis.size) };
    }),
  };
}

function mergeRanges(
  ranges: readonly RangeWire[],
  totalShards: number,
): Pick<CompiledShard, "starts" | "ends"> {
  const inOrder = ranges
    .map(({ start, end }) => ({
      start: firstShardFrom(start, totalShards),
      end: firstShardFrom(end, totalShards),
    }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { start, end } of inOrder) {
    const last = ends.length - 1;
    const lastEnd = ends[last];
    if (lastEnd === undefined || start > lastEnd) {
      starts.push(start);
      ends.push(end);
    } else ends[last] = Math.max(lastEnd, end);
  }
  return { starts, ends };
}

/**
 * Returns the first shard at or after a bound. Shards are integers, so a range that starts at 0.5 begins with shard 1.
 */
function firstShardFrom(bound: number, totalShards: number): number {
  return Math.min(Math.max(Math.ceil(bound), 0), totalShards);
}

function matchesCell({ shards }: CompiledSplit): boolean {
  return shards.every(({ axis, ends, starts }) => {
    // The last range that starts at or before the shard.
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= axis.shard) low = middle + 1;
      else high = middle;
    }
    return low > 0 && axis.shard < (ends[low - 1] as number);
  });
}
