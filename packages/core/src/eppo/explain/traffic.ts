import type { TrafficShares } from "../../explain/description.js";
import type { RangeWire } from "../flags/wire.js";

/** What is read of a split. */
export interface TrafficSplit {
  readonly variationKey: string;
  readonly shards: readonly {
    readonly salt: string;
    readonly ranges: readonly RangeWire[];
  }[];
}

/** One interval of shards for each salt: what a subject's hashes come down to. */
type Cell = ReadonlyMap<string, RangeWire>;

const MAX_CELLS = 100_000;

/**
 * The share of subjects that each variation gets from an allocation's splits: exact, since the hashes
 * of different salts are independent. The shards of each salt are cut where a range starts or ends;
 * in each cell the first split that matches wins.
 *
 * @returns `null` if there are too many cells to walk, or the shard space is no number of shards.
 */
export function trafficShares(
  splits: readonly TrafficSplit[],
  totalShards: number,
): TrafficShares | null {
  if (!(Number.isSafeInteger(totalShards) && totalShards > 0)) return null;
  const cells = cellsOf(splits, totalShards);
  if (cells === null) return null;
  // Shares are summed as numbers of shards where possible: those are whole, and exact.
  const byVariation = new Map<string, number>();
  let assigned = 0;
  for (const cell of cells) {
    const winner = splits.find((split) => isIn(split, cell));
    if (winner === undefined) continue;
    let size = totalShards;
    for (const { start, end } of cell.values()) size = (size * (end - start)) / totalShards;
    byVariation.set(winner.variationKey, (byVariation.get(winner.variationKey) ?? 0) + size);
    assigned += size;
  }
  return {
    byVariation: new Map([...byVariation].map(([key, size]) => [key, size / totalShards])),
    unassigned: Math.max(0, totalShards - assigned) / totalShards,
  };
}

function cellsOf(splits: readonly TrafficSplit[], totalShards: number): readonly Cell[] | null {
  let cells: readonly Cell[] = [new Map()];
  for (const [salt, cuts] of cutsBySalt(splits, totalShards)) {
    if (cells.length * cuts.length > MAX_CELLS) return null;
    cells = cells.flatMap((cell) => cuts.map((cut) => new Map([...cell, [salt, cut]])));
  }
  return cells;
}

function cutsBySalt(
  splits: readonly TrafficSplit[],
  totalShards: number,
): ReadonlyMap<string, readonly RangeWire[]> {
  const points = new Map<string, Set<number>>();
  for (const { salt, ranges } of splits.flatMap(({ shards }) => shards)) {
    const known = points.get(salt) ?? new Set([0, totalShards]);
    // Shards are whole numbers: the first one in a range that starts at 0.5 is 1.
    for (const { start, end } of ranges) known.add(Math.ceil(start)).add(Math.ceil(end));
    points.set(salt, known);
  }
  return new Map(
    [...points].map(([salt, known]) => {
      const inOrder = [...known]
        .filter((point) => point >= 0 && point <= totalShards)
        .sort((a, b) => a - b);
      return [salt, inOrder.slice(1).map((end, i) => ({ start: inOrder[i] ?? 0, end }))];
    }),
  );
}

function isIn({ shards }: TrafficSplit, cell: Cell): boolean {
  return shards.every(({ salt, ranges }) => {
    const at = cell.get(salt)?.start ?? Number.NaN;
    return ranges.some(({ start, end }) => start <= at && at < end);
  });
}
