import {
  type ComparedFlag,
  type FlagDescription,
  type ShardDescription,
  valueText,
  windowStateAt,
} from "@sortition/core/dialect";

/** Shares of all subjects, by what they get before and after; `null` stands for nothing. */
export type JointShares = ReadonlyMap<string | null, ReadonlyMap<string | null, number>>;

/** The most cells that are walked. */
const MAX_CELLS = 1_000_000;

interface Axis {
  /** Where intervals start within which no range starts or ends, ascending; the last one ends at `total`. */
  readonly cuts: readonly number[];
  readonly total: number;
}

interface Side {
  readonly variation: string;
  readonly shards: readonly { readonly axis: number; readonly shard: ShardDescription }[];
}

/**
 * The shares of subjects that two versions of a flag assign, without subjects: exact, since hashes with different salts are
 * independent, and those with the same salt are equal. The hash of each salt is cut where a range starts or ends; in each cell
 * of the product of these cuts both versions are decided.
 *
 * @returns `null` where a rule reads attributes, a part is malformed, two values have one name, or there are too many cells.
 */
export function jointShares(
  before: ComparedFlag | null,
  after: ComparedFlag | null,
  nowMs: number,
): JointShares | null {
  const axes = new Map<string, { index: number; cuts: Set<number>; total: number }>();
  const axisOf = ({ hashedBy }: ComparedFlag, { ranges, salt, totalShards }: ShardDescription) => {
    const key = JSON.stringify([hashedBy, salt, totalShards]);
    const axis = axes.get(key) ?? { index: axes.size, cuts: new Set([0]), total: totalShards };
    axes.set(key, axis);
    for (const { end, start } of ranges)
      axis.cuts.add(clamp(start, totalShards)).add(clamp(end, totalShards));
    return axis.index;
  };
  const [old, now] = [sidesOf(before, nowMs, axisOf), sidesOf(after, nowMs, axisOf)];
  if (old === null || now === null) return null;
  const walked = [...axes.values()].map(({ cuts, total }): Axis => {
    cuts.delete(total);
    return { cuts: [...cuts].sort((a, b) => a - b), total };
  });
  if (walked.reduce((cells, { cuts }) => cells * cuts.length, 1) > MAX_CELLS) return null;
  return walk(walked, old, now);
}

function sidesOf(
  flag: ComparedFlag | null,
  nowMs: number,
  axisOf: (flag: ComparedFlag, shard: ShardDescription) => number,
): readonly Side[] | null {
  if (flag === null || !flag.description.isEnabled) return [];
  if (flag.hashedBy === null || !isDecidable(flag.description)) return null;
  return flag.description.allocations
    .filter(({ window }) => windowStateAt(window, nowMs) === "open")
    .flatMap(({ splits }) =>
      splits.map(({ shards, variation }) => ({
        variation,
        shards: shards.map((shard) => ({ axis: axisOf(flag, shard), shard })),
      })),
    );
}

function isDecidable({ allocations, problem, variations }: FlagDescription): boolean {
  const values = new Map(variations.map(({ key, value }) => [key, valueText(value)]));
  return (
    problem === null &&
    // A value that has no variation of its own, such as GrowthBook's forced ones, shares its name with others.
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

function walk(axes: readonly Axis[], old: readonly Side[], now: readonly Side[]): JointShares {
  const sizes = new Map<string | null, Map<string | null, number>>();
  // Numbers of shards are whole, and their sums exact, up to 2^53 in all.
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
    const [was, is] = [winnerAt(old, at), winnerAt(now, at)];
    const row = sizes.get(was) ?? new Map<string | null, number>();
    sizes.set(was, row.set(is, (row.get(is) ?? 0) + size));
  }
  return new Map(
    [...sizes].map(([was, row]) => [
      was,
      new Map([...row].map(([is, size]) => [is, size / whole])),
    ]),
  );
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
