import type {
  AllocationDescription,
  FlagDescription,
  ShardDescription,
} from "@sortition/core/dialect";
import { groupedBySalt, saltOf, splitClasses, splitId, splittingShards } from "./split-class.js";

/** The allocation that runs an experiment. */
export interface ExperimentSource {
  readonly flag: FlagDescription;
  /** Index of the allocation. */
  readonly index: number;
}

/** The configured split of an experiment, or the reason why there is none to test. */
export type ConfiguredShares = {
  /** `null` if there is none or several. */
  readonly source: ExperimentSource | null;
} & (
  | {
      readonly shares: ReadonlyMap<string, number>;
      readonly problem: null;
      /** All variations of the flag; `null` if unknown. */
      readonly variations: ReadonlySet<string> | null;
    }
  | { readonly shares: null; readonly problem: string }
);

/**
 * Returns the shares of the variations among the subjects of an allocation.
 *
 * @param key - key of the allocation; `null` if the event has none, which selects the only allocation with a split.
 */
export function configuredShares(flag: FlagDescription, key: string | null): ConfiguredShares {
  const index =
    key === null
      ? onlySplit(flag.allocations)
      : flag.allocations.findIndex((allocation) => allocation.key === key);
  const allocation = flag.allocations[index];
  if (allocation === undefined) {
    if (key !== null) {
      return { source: null, shares: null, problem: `the flag has no allocation ${key}` };
    }
    const problem = hasOneVariation(flag.allocations)
      ? "the flag has only one variation"
      : "the events name no allocation. Name its column with --map allocation=COLUMN";
    return { source: null, shares: null, problem };
  }
  const source = { flag, index };
  const same = flag.allocations.filter((it) => it.key === allocation.key);
  if (new Set(same.map(({ traffic }) => sharesText(traffic?.byVariation ?? null))).size > 1) {
    const problem = `several allocations are named ${allocation.key}, with different shares`;
    return { source, shares: null, problem };
  }
  const { participants, traffic } = allocation;
  if (traffic === null) return { source, shares: null, problem: "the shares are unknown" };
  const other = dependsOn(flag.allocations.slice(0, index), allocation);
  if (other !== null) {
    const problem = `the shares depend on allocation ${other.key}, which has the same salt`;
    return { source, shares: null, problem };
  }
  const keys = flag.variations.map((it) => it.key);
  const variations = flag.isHashed ? null : new Set([...keys, ...traffic.byVariation.keys()]);
  return { source, shares: participants ?? traffic.byVariation, problem: null, variations };
}

/** The first allocation with a split, if all others split alike. */
function onlySplit(allocations: readonly AllocationDescription[]): number {
  const [first, ...others] = splitClasses(allocations).filter(
    ({ variations }) => (variations?.length ?? 0) > 1,
  );
  if (first === undefined || others.length > 0) return -1;
  return allocations.findIndex(({ key }) => key === first.key);
}

/** Whether all allocations assign the same variation with a known share. */
function hasOneVariation(allocations: readonly AllocationDescription[]): boolean {
  const variations = allocations.flatMap(({ traffic }) => [
    ...(traffic?.byVariation.keys() ?? [null]),
  ]);
  return new Set(variations).size === 1 && variations[0] !== null;
}

/** A string that is equal for equal shares. */
export function sharesText(shares: ReadonlyMap<string, number> | null): string {
  return JSON.stringify([...(shares ?? [])].sort());
}

/**
 * Returns an earlier allocation that removes subjects with the same hash that splits this allocation's traffic;
 * `null` if there is none.
 */
function dependsOn(
  earlier: readonly AllocationDescription[],
  allocation: AllocationDescription,
): AllocationDescription | null {
  const salts = new Set(splittingShards(allocation).map(saltOf));
  const id = splitId(allocation);
  return (
    earlier.find((other) => {
      // Whoever is outside of its ranges is outside of equal ranges too.
      if (splitId(other) === id) return false;
      const { splits } = other;
      const groups = groupedBySalt(splits.flatMap((split) => split.shards));
      return [...groups].some(([salt, same]) => salts.has(salt) && !coversAll(same));
    }) ?? null
  );
}

function coversAll(shards: readonly ShardDescription[]): boolean {
  const ranges = shards.flatMap((shard) => shard.ranges).sort((a, b) => a.start - b.start);
  let reached = 0;
  for (const { end, start } of ranges) {
    if (start > reached) return false;
    reached = Math.max(reached, end);
  }
  return reached >= (shards[0]?.totalShards ?? 0);
}
