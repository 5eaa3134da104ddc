/** A split by its ranges of hashes. */
export interface RangedSplit {
  readonly variation: string;
  /** The conditions, which must all be met. Ranges may overlap, be empty, or exceed `[0, total)`. */
  readonly shards: readonly {
    /** Hashes on different axes are independent. Hashes on the same axis are equal. */
    readonly axis: string;
    /** Size of the axis' space of hashes. */
    readonly total: number;
    readonly ranges: readonly HashRange[];
  }[];
}

/** Half-open interval of hashes. */
export interface HashRange {
  readonly start: number;
  readonly end: number;
}

/** The share of all subjects that get these variations from several flags; `null` means no variation. */
export interface JointCell {
  readonly variations: readonly (string | null)[];
  readonly share: number;
}

/**
 * Computes the exact shares that several versions of a flag assign together. Each axis is cut where a range starts or ends. In each
 * cell of the product of these cuts, the first split of each version that matches wins.
 *
 * @returns one cell for each combination of variations; `null` if there are more than `maxCells` to visit, a total is not a
 * positive integer, or an axis has two different ones.
 */
export function jointCells(
  versions: readonly (readonly RangedSplit[])[],
  maxCells: number,
): readonly JointCell[] | null {
  const axes = axesOf(versions.flat());
  if (axes === null) return null;
  const walked = [...axes.values()];
  const cellCount = walked.reduce((count, { cuts }) => count * cuts.length, 1);
  if (cellCount > maxCells) return null;
  const compiled = versions.map((splits) => splits.map((split) => compileSplit(split, axes)));
  // Shares are summed as numbers of hashes if possible, because these are exact integers.
  const product = walked.reduce((size, { total }) => size * total, 1);
  const whole = Number.isSafeInteger(product) ? product : 1;
  const sizes = new Map<string, { variations: readonly (string | null)[]; size: number }>();
  for (let cell = 0; cell < cellCount; cell++) {
    let [rest, size] = [cell, 1];
    for (const axis of walked) {
      const { cuts, total } = axis;
      const cut = rest % cuts.length;
      rest = (rest - cut) / cuts.length;
      axis.at = cuts[cut] as number; // cut < length
      const width = (cuts[cut + 1] ?? total) - axis.at;
      size *= whole === product ? width : width / total;
    }
    const variations = compiled.map((splits) => splits.find(matchesCell)?.variation ?? null);
    const key = JSON.stringify(variations);
    const known = sizes.get(key) ?? { variations, size: 0 };
    sizes.set(key, known);
    known.size += size;
  }
  return [...sizes.values()].map(({ size, variations }) => ({ variations, share: size / whole }));
}

/** The hashes of one axis, cut into intervals within which no range starts or ends. */
interface Axis {
  readonly total: number;
  /** Where the intervals start, ascending; the first one starts at 0. */
  readonly cuts: readonly number[];
  /** The start of the current cell's interval. */
  at: number;
}

interface CompiledSplit {
  readonly variation: string;
  readonly shards: readonly CompiledShard[];
}

/** Ranges of one condition, sorted and disjoint. */
interface CompiledShard {
  readonly axis: Axis;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

function axesOf(splits: readonly RangedSplit[]): ReadonlyMap<string, Axis> | null {
  const points = new Map<string, { readonly total: number; readonly cuts: Set<number> }>();
  for (const { axis, ranges, total } of splits.flatMap(({ shards }) => shards)) {
    const known = points.get(axis) ?? { total, cuts: new Set([0]) };
    if (known.total !== total || !(Number.isSafeInteger(total) && total > 0)) return null;
    for (const { start, end } of ranges) known.cuts.add(clamp(start, total)).add(clamp(end, total));
    points.set(axis, known);
  }
  const axes = [...points].map(([axis, { cuts, total }]): [string, Axis] => {
    cuts.delete(total);
    return [axis, { total, cuts: [...cuts].sort((a, b) => a - b), at: 0 }];
  });
  return new Map(axes);
}

function compileSplit(
  { shards, variation }: RangedSplit,
  axes: ReadonlyMap<string, Axis>,
): CompiledSplit {
  return {
    variation,
    shards: shards.map(({ axis: name, ranges }) => {
      const axis = axes.get(name) as Axis; // each axis has one
      return { axis, ...mergeRanges(ranges, axis.total) };
    }),
  };
}

function mergeRanges(
  ranges: readonly HashRange[],
  total: number,
): Pick<CompiledShard, "starts" | "ends"> {
  const inOrder = ranges
    .map(({ start, end }) => ({ start: clamp(start, total), end: clamp(end, total) }))
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

function clamp(bound: number, total: number): number {
  return Math.min(Math.max(bound, 0), total);
}

function matchesCell({ shards }: CompiledSplit): boolean {
  return shards.every(({ axis, ends, starts }) => {
    // The last range that starts at or before the cell.
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= axis.at) low = middle + 1;
      else high = middle;
    }
    return low > 0 && axis.at < (ends[low - 1] as number);
  });
}
