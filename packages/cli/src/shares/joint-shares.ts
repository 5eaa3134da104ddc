import type { ComparedFlag, FlagDescription } from "@sortition/core/dialect";
import {
  jointCells as cellsOf,
  type JointCell,
  type RangedSplit,
  valueText,
  windowStateAt,
} from "@sortition/core/dialect-internal";

/** Shares of all subjects, by their variations before and after; `null` means no variation. */
export type JointShares = ReadonlyMap<string | null, ReadonlyMap<string | null, number>>;

/** Maximum number of cells to visit. */
const MAX_CELLS = 1_000_000;

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

/**
 * Computes the exact shares that several versions of a flag assign together. Hashes with different salts are independent, and
 * hashes with the same salt are equal.
 *
 * @param flags - the versions; `null` for one that assigns nothing.
 * @returns one cell for each combination of variations; `null` for the same reasons as {@link jointShares}.
 */
export function jointCells(
  flags: readonly (FlagDescription | null)[],
  nowMs: number,
): readonly JointCell[] | null {
  const versions = flags.map((flag) => splitsOf(flag, nowMs));
  return versions.includes(null) ? null : cellsOf(versions as RangedSplit[][], MAX_CELLS);
}

function splitsOf(flag: FlagDescription | null, nowMs: number): readonly RangedSplit[] | null {
  if (flag === null || !flag.isEnabled) return [];
  if (!isDecidable(flag)) return null;
  return flag.allocations
    .filter(({ window }) => windowStateAt(window, nowMs) === "open")
    .flatMap(({ splits, unit }) =>
      splits.map(({ shards, variation }) => ({
        variation,
        shards: shards.map(({ ranges, salt, totalShards: total }) => ({
          // Equal salts place different units independently.
          axis: JSON.stringify([unit?.name, salt, total]),
          total,
          ranges,
        })),
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
