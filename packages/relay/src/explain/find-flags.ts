import type { Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";
import { nearestName } from "@sortition/core/internal";

/** How many keys are proposed in place of an unknown one. */
const NEAREST = 3;

/**
 * The keys that contain a text, in any case, in order. Where a configuration has hashes in place of keys, a flag is found by
 * its whole key.
 *
 * @param search - empty: all.
 */
export function findFlags(
  configuration: Configuration,
  explainer: Explainer,
  search: string,
): readonly string[] {
  const wanted = search.toLowerCase();
  const found = [...configuration.flagKeys].filter((key) => key.toLowerCase().includes(wanted));
  const isHashed = found.length === 0 && explainer.payloadKey(configuration, search) !== null;
  return isHashed ? [search] : found.sort();
}

/** The keys that are most like one that there is not, the nearest one first. */
export function nearestKeys({ flagKeys }: Configuration, flagKey: string): readonly string[] {
  const left = new Set(flagKeys);
  const nearest: string[] = [];
  while (nearest.length < NEAREST) {
    const key = nearestName(flagKey, left);
    if (key === null) break;
    nearest.push(key);
    left.delete(key);
  }
  return nearest;
}
