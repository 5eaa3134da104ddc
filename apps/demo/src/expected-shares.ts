import { type TrafficSplit, trafficShares } from "@sortition/core/eppo";

/** The part of a flag that the demo reads. */
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
  readonly splits: readonly TrafficSplit[];
}

/**
 * Computes the expected share of each variation among the subjects that an allocation assigns.
 *
 * @returns `null` if it is too complex to compute, or no subject is assigned.
 */
export function expectedShares(
  { splits }: AllocationShape,
  totalShards: number,
): ReadonlyMap<string, number> | null {
  const traffic = trafficShares(splits, totalShards);
  const assigned = 1 - (traffic?.unassigned ?? 1);
  if (traffic === null || assigned === 0) return null;
  return new Map([...traffic.byVariation].map(([key, share]) => [key, share / assigned]));
}
