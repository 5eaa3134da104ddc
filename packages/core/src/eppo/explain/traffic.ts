import type { TrafficShares } from "../../explain/description.js";
import { jointCells, type RangedSplit } from "../../explain/joint-cells.js";
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
 * different salts are independent. The first split that matches wins.
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
  const ranged = splits.map(
    ({ shards, variationKey }): RangedSplit => ({
      variation: variationKey,
      shards: shards.map(({ ranges, salt, totalShards: total = totalShards }) => ({
        axis: salt,
        total,
        // Shards are integers, so a range that starts at 0.5 begins with shard 1.
        ranges: ranges.map(({ end, start }) => ({ start: Math.ceil(start), end: Math.ceil(end) })),
      })),
    }),
  );
  const cells = jointCells([ranged], MAX_CELLS);
  if (cells === null) return null;
  const byVariation = new Map<string, number>();
  let unassigned = 0;
  for (const { share, variations } of cells) {
    const [variation = null] = variations;
    if (variation === null) unassigned = share;
    else byVariation.set(variation, share);
  }
  return { byVariation, unassigned };
}
