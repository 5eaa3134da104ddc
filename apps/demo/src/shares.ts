import type { AssignmentEvent } from "@sortition/node";
import { expectedShares, type FlagShape } from "./expected-shares.js";
import { type Fit, fitOf } from "./fit.js";

/** Exposures of one allocation, counted by variation. */
export interface AllocationShares {
  readonly flagKey: string;
  readonly allocation: string;
  readonly observed: ReadonlyMap<string, number>;
  /** `null`: too complex to compute. */
  readonly expected: ReadonlyMap<string, number> | null;
  readonly fit: Fit | null;
}

/** Counts exposures by flag, allocation and variation. */
export class ExposureCounter {
  readonly #counts = new Map<string, Map<string, Map<string, number>>>();

  add({ featureFlag, allocation, variation }: AssignmentEvent): void {
    const byAllocation = childOf(this.#counts, featureFlag, () => new Map());
    const byVariation = childOf(byAllocation, allocation ?? "", () => new Map<string, number>());
    const key = variation ?? "";
    byVariation.set(key, (byVariation.get(key) ?? 0) + 1);
  }

  clear(): void {
    this.#counts.clear();
  }

  /** Returns the observed and the expected shares of these flags. */
  compare(flags: readonly FlagShape[]): readonly AllocationShares[] {
    return flags.flatMap(({ key: flagKey, allocations, totalShards }) =>
      allocations.flatMap((allocation) => {
        const observed = this.#counts.get(flagKey)?.get(allocation.key);
        if (observed === undefined) return [];
        const expected = expectedShares(allocation, totalShards);
        const fit = expected && fitOf(observed, expected);
        return [{ flagKey, allocation: allocation.key, observed, expected, fit }];
      }),
    );
  }
}

function childOf<V>(map: Map<string, V>, key: string, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
