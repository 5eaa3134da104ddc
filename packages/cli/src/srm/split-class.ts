import type { AllocationDescription, ShardDescription } from "@sortition/core/dialect";

/** Allocations of a flag that split subjects in the same way, with equal salts and ranges. */
export interface SplitClass {
  /** Key of the first allocation. */
  readonly key: string;
  readonly keys: readonly string[];
  /** The variations that it gives; `null` if unknown. */
  readonly variations: readonly string[] | null;
  gives(variation: string): boolean;
}

/** Groups the allocations whose assignments are logged. */
export function splitClasses(allocations: readonly AllocationDescription[]): readonly SplitClass[] {
  const groups = new Map<string, AllocationDescription[]>();
  for (const allocation of allocations) {
    if (!allocation.isLogged || allocation.traffic?.byVariation.size === 0) continue;
    const id = JSON.stringify([allocation.unit?.name, splitId(allocation)]);
    groups.set(id, [...(groups.get(id) ?? []), allocation]);
  }
  return [...groups.values()].map((same) => {
    const [{ key, traffic }] = same as [AllocationDescription]; // not empty
    const variations = traffic === null ? null : [...traffic.byVariation.keys()];
    return {
      key,
      keys: same.map((it) => it.key),
      variations,
      gives: (variation) => variations === null || variations.includes(variation),
    };
  });
}

/** Equal for allocations that split alike. The share of the traffic that they take does not matter. */
export function splitId(allocation: AllocationDescription): string {
  const { key, splits, traffic } = allocation;
  if (traffic === null) return `unknown ${key}`;
  if (traffic.byVariation.size === 1) return `only ${[...traffic.byVariation.keys()]}`;
  const splitting = new Set(splittingShards(allocation));
  const parts = splits.map(({ shards, variation }) => {
    const own = shards.filter((shard) => splitting.has(shard));
    return [variation, own.map((shard) => [saltOf(shard), shard.ranges])];
  });
  return JSON.stringify(parts);
}

/** The shards that decide which variation a subject gets, and not only whether it gets one. */
export function splittingShards({ splits }: AllocationDescription): readonly ShardDescription[] {
  const groups = groupedBySalt(splits.flatMap((split) => split.shards));
  return [...groups.values()]
    .filter((same) => new Set(same.map(({ ranges }) => JSON.stringify(ranges))).size > 1)
    .flat();
}

export function groupedBySalt(
  shards: readonly ShardDescription[],
): Map<string, ShardDescription[]> {
  const groups = new Map<string, ShardDescription[]>();
  for (const shard of shards) {
    const salt = saltOf(shard);
    groups.set(salt, [...(groups.get(salt) ?? []), shard]);
  }
  return groups;
}

export function saltOf({ salt, totalShards }: ShardDescription): string {
  return `${totalShards} ${salt}`;
}
