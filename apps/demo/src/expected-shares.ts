/** What the demo reads of a flag; a real configuration has more. */
export interface FlagShape {
  readonly key: string;
  readonly enabled: boolean;
  readonly variationType: string;
  readonly totalShards: number;
  readonly allocations: readonly AllocationShape[];
}

/** An allocation's traffic. */
export interface AllocationShape {
  readonly key: string;
  readonly splits: readonly SplitShape[];
}

interface SplitShape {
  readonly variationKey: string;
  readonly shards: readonly {
    readonly salt: string;
    readonly ranges: readonly { readonly start: number; readonly end: number }[];
  }[];
}

/** One interval of shards for each salt: what a subject's hashes come down to. */
type Cell = ReadonlyMap<string, { readonly start: number; readonly end: number }>;

const MAX_CELLS = 100_000;

/**
 * The share that each variation should have among the subjects that an allocation assigns: exact,
 * since the hashes of different salts are independent. The shards of each salt are cut where a range
 * starts or ends; in each cell the first split that matches wins.
 *
 * @returns `null` if there are too many cells to walk, or nobody is assigned.
 */
export function expectedShares(
  { splits }: AllocationShape,
  totalShards: number,
): ReadonlyMap<string, number> | null {
  let cells: readonly Cell[] = [new Map()];
  for (const [salt, cuts] of cutsBySalt(splits, totalShards)) {
    cells = cells.flatMap((cell) => cuts.map((cut) => new Map([...cell, [salt, cut]])));
    if (cells.length > MAX_CELLS) return null;
  }
  const shares = new Map<string, number>();
  let assigned = 0;
  for (const cell of cells) {
    const winner = splits.find((split) => isIn(split, cell));
    if (winner === undefined) continue;
    const size = [...cell.values()].reduce((part, { start, end }) => part * (end - start), 1);
    shares.set(winner.variationKey, (shares.get(winner.variationKey) ?? 0) + size);
    assigned += size;
  }
  if (assigned === 0) return null;
  return new Map([...shares].map(([variation, size]) => [variation, size / assigned]));
}

function cutsBySalt(
  splits: readonly SplitShape[],
  totalShards: number,
): ReadonlyMap<string, readonly { readonly start: number; readonly end: number }[]> {
  const points = new Map<string, Set<number>>();
  for (const { salt, ranges } of splits.flatMap(({ shards }) => shards)) {
    const known = points.get(salt) ?? new Set([0, totalShards]);
    for (const { start, end } of ranges) known.add(start).add(end);
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

function isIn({ shards }: SplitShape, cell: Cell): boolean {
  return shards.every(({ salt, ranges }) => {
    const at = cell.get(salt)?.start ?? Number.NaN;
    return ranges.some(({ start, end }) => start <= at && at < end);
  });
}
