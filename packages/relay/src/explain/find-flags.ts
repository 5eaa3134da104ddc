import type { Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";
import { nearestName } from "@sortition/core/internal";

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

/** Returns the most similar key; `null` if none is similar. */
export function nearestKey({ flagKeys }: Configuration, flagKey: string): string | null {
  return nearestName(flagKey, flagKeys, maxDistance(flagKey));
}

/** Returns the maximum edit distance of a similar name: a third of its length. */
export function maxDistance(name: string): number {
  return Math.max(1, Math.floor(name.length / 3));
}
