import type { Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";

/** Values that every subject gets, by type of getter. */
export type DecidedValues = Readonly<Record<string, unknown>>;

/**
 * Returns the values of a flag that gives every subject the same variation from now on.
 *
 * @param withBandit - flags whose actions a bandit chooses.
 * @returns `null` if the payload does not prove that all subjects get the same value.
 */
export function decidedValues(
  configuration: Configuration,
  explainer: Explainer,
  key: string,
  { nowMs, withBandit }: { readonly nowMs: number; readonly withBandit: ReadonlySet<string> },
): DecidedValues | null {
  if (withBandit.has(key)) return null;
  const getters = explainer
    .gettersOf(configuration, key, nowMs)
    .filter(({ assigned }) => assigned.length > 0);
  const isDecided = getters.every(({ assigned, isForAll }) => isForAll && assigned.length === 1);
  if (!isDecided || getters.length === 0) return null;
  return Object.fromEntries(getters.map(({ assigned, type }) => [type, assigned[0]]));
}

/** The flags whose actions a bandit chooses. */
export function flagsWithBandit(
  configuration: Configuration,
  explainer: Explainer,
): ReadonlySet<string> {
  const bandits = explainer.describeBandits(configuration);
  return new Set(bandits.flatMap(({ behind }) => behind.map(({ flagKey }) => flagKey)));
}
