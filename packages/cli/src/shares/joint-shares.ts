import {
  type ComparedFlag,
  type FlagDescription,
  type ShardDescription,
  valueText,
  windowStateAt,
} from "@sortition/core/dialect";

/** Shares of all subjects, by their variations before and after; `null` means no variation. */
export type JointShares = ReadonlyMap<string | null, ReadonlyMap<string | null, number>>;

/** Maximum number of cells to visit. */
const MAX_CELLS = 1_000_000;

interface Axis {
  /** Starts of the intervals between the bounds of all ranges, ascending. The last interval ends at `total`. */
  readonly cuts: readonly number[];
  readonly total: number;
}

interface Side {
  readonly variation: string;
  readonly shards: readonly { readonly axis: number; readonly shard: ShardDescription }[];
}

/**
 * Computes the exact shares that two versions of a flag assign, without subjects.
 *
 * @returns `null` if a rule reads attributes, a part is malformed, two values share a name, or there are too many cells.
 */
export function jointShares(
  before: ComparedFlag | null,
  after: ComparedFlag | null,
  nowMs: number,
): JointShares | null {
  const described = [before, after].map((it) => it?.description ?? null);
  const cells = jointCells(described, nowMs);
  if (cells === null) return null;
  const shares = new Map<string | null, Map<string | null, number>>();
  for (const { share, variations } of cells) {
    const [was = null, is = null] = variations;
    const row = shares.get(was) ?? new Map<string | null, number>();
    shares.set(was, row.set(is, (row.get(is) ?? 0) + share));
  }
  return shares;
}

/** The share of all subjects that get these variations from several flags; `null` means no variation. */
export interface JointCell {
  readonly variations: readonly (string | null)[];
  readonly share: number;
}

/**
 * Computes the exact shares that several versions of a flag assign together. Hashes with different salts are independent, and
 * hashes with the same salt are equal. The hash space of each salt is cut at the bounds of all ranges. Each cell in the product
 * of these cuts has one result in each version.
 *
 * @param flags - the versions; `null` for one that assigns nothing.
 * @returns one cell for each combination of variations; `null` for the same reasons as {@link jointShares}.
 */
export function jointCells(
  flags: readonly (FlagDescription | null)[],
  nowMs: number,
): readonly JointCell[] | null {
  const axes = new Map<string, { index: number; cuts: Set<number>; total: number }>();
  const axisOf = (unit: string | undefined, { ranges, salt, totalShards }: ShardDescription) => {
    // Equal salts place different units independently.
    const key = JSON.stringify([unit, salt, totalShards]);
    const axis = axes.get(key) ?? { index: axes.size, cuts: new Set([0]), total: totalShards };
    axes.set(key, axis);
    for (const { end, start } of ranges)
      axis.cuts.add(clamp(start, totalShards)).add(clamp(end, totalShards));
    return axis.index;
  };
  const versions: (readonly Side[])[] = [];
  for (const flag of flags) {
    const sides = sidesOf(flag, nowMs, axisOf);
    if (sides === null) return null;
    versions.push(sides);
  }
  const walked = [...axes.values()].map(({ cuts, total }): Axis => {
    cuts.delete(total);
    return { cuts: [...cuts].sort((a, b) => a - b), total };
  });
  if (walked.reduce((cells, { cuts }) => cells * cuts.length, 1) > MAX_CELLS) return null;
  return walk(walked, versions);
}

function sidesOf(
  flag: FlagDescription | null,
  nowMs: number,
  axisOf: (unit: string | undefined, shard: ShardDescription) => number,
): readonly Side[] | null {
  if (flag === null || !flag.isEnabled) return [];
  if (!isDecidable(flag)) return null;
  return flag.allocations
    .filter(({ window }) => windowStateAt(window, nowMs) === "open")
    .flatMap(({ splits, unit }) =>
      splits.map(({ shards, variation }) => ({
        variation,
        shards: shards.map((shard) => ({ axis: axisOf(unit?.name, shard), shard })),
      })),
    );
}

function isDecidable(flag: FlagDescription): boolean {
  const { allocations, followsRanges, problem, variations } = flag;
  const values = new Map(variations.map(({ key, value }) => [key, valueText(value)]));
  return (
    problem === null &&
    followsRanges &&
    // Units of different sizes have no joint shares, such as users and their companies.
    new Set(allocations.flatMap(({ unit }) => unit?.name ?? [])).size <= 1 &&
    // A value without its own variation, such as GrowthBook's forced values, shares its name with others.
    variations.every(({ key, value }) => values.get(key) === valueText(value)) &&
    allocations.every(
      ({ rules, splits, traffic }) =>
        rules.length === 0 &&
        traffic !== null &&
        splits.every(
          (split) => split.problem === null && split.shards.every((it) => it.problem === null),
        ),
    )
  );
}

function walk(axes: readonly Axis[], versions: readonly (readonly Side[])[]): readonly JointCell[] {
  const sizes = new Map<string, { variations: readonly (string | null)[]; size: number }>();
  // Shard counts are integers, so their sums are exact up to a total of 2^53.
  const whole = axes.reduce((size, { total }) => size * total, 1);
  const at = axes.map(() => 0);
  const cells = axes.reduce((count, { cuts }) => count * cuts.length, 1);
  for (let cell = 0; cell < cells; cell++) {
    let [rest, size] = [cell, 1];
    for (const [i, { cuts, total }] of axes.entries()) {
      const cut = rest % cuts.length;
      rest = (rest - cut) / cuts.length;
      at[i] = cuts[cut] as number; // cut < length
      size *= (cuts[cut + 1] ?? total) - (at[i] as number);
    }
    const variations = versions.map((sides) => winnerAt(sides, at));
    const key = JSON.stringify(variations);
    const known = sizes.get(key) ?? { variations, size: 0 };
    sizes.set(key, known);
    known.size += size;
  }
  return [...sizes.values()].map(({ size, variations }) => ({ variations, share: size / whole }));
}

function winnerAt(sides: readonly Side[], at: readonly number[]): string | null {
  const winner = sides.find(({ shards }) =>
    shards.every(
      ({ axis, shard }) =>
        shard.ranges.some(
          ({ end, start }) => start <= (at[axis] as number) && (at[axis] as number) < end,
        ), // of an axis
    ),
  );
  return winner?.variation ?? null;
}

function clamp(bound: number, total: number): number {
  return Math.min(Math.max(bound, 0), total);
}
