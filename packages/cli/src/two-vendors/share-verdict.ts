import { differencePValue } from "../srm/difference.js";
import type { Group } from "./difference-tally.js";

/** Shares differ if their p-value is below this. */
const MAX_P_VALUE = 0.001;

/** How a split of OLD and a split of NEW divide the same subjects. */
export interface ShareVerdict {
  readonly kind: "nobody-moves" | "shares-agree" | "shares-differ" | "units-differ";
  readonly shares: readonly SharePair[];
  /** The p-value of "both divide units alike", corrected for the number of splits; `null` if it was not tested. */
  readonly pValue: number | null;
}

/** Number of subjects, or of units if they are hashed instead, that get a value, before and after. */
export interface SharePair {
  /** The value as canonical JSON, `(default)` or `(error)`. */
  readonly value: string;
  readonly old: number;
  readonly now: number;
}

/**
 * Compares the shares of a split. Both sides have the same units, but two hashes place them independently, so the counts
 * are treated as two samples. If the sides hash different units, their shares cannot be compared.
 *
 * @param tests - number of compared splits, for the Bonferroni correction.
 */
export function shareVerdict({ moved, units, values }: Group, tests: number): ShareVerdict {
  const areSame = units?.areSame ?? true;
  const old = new Map<string, number>();
  const now = new Map<string, number>();
  for (const [key, n] of areSame ? (units?.values ?? values) : values) {
    const [before, after] = JSON.parse(key) as [string, string]; // see `Group.values`
    old.set(before, (old.get(before) ?? 0) + n);
    now.set(after, (now.get(after) ?? 0) + n);
  }
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const shares = names.map((value) => {
    return { value, old: old.get(value) ?? 0, now: now.get(value) ?? 0 };
  });
  if (moved === 0) return { kind: "nobody-moves", shares, pValue: null };
  if (!areSame) return { kind: "units-differ", shares, pValue: null };
  const pValue = Math.min(1, differencePValue(old, now) * tests);
  return { kind: pValue < MAX_P_VALUE ? "shares-differ" : "shares-agree", shares, pValue };
}
