import type { Place } from "./places.js";

/** Kinds of findings. `ambiguous`: the key is too common to search for. */
export type FindingKind = "decided" | "disabled" | "not-in-code" | "gone" | "ambiguous";

/** Kinds that `--fail-on` and the files of `--allow` accept. */
export const FINDING_KINDS: readonly FindingKind[] = [
  ...(["decided", "disabled", "not-in-code", "gone", "ambiguous"] as const),
];

/** A flag to clean up. */
export interface Finding {
  readonly kind: FindingKind;
  readonly flag: string;
  /** The values that every subject gets, by type of getter. Only for `decided`. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Time since which the flag is decided, or at which it was last present, in epoch ms; `null` if unknown. */
  readonly sinceMs?: number | null;
  /** Only for `not-in-code`. */
  readonly lastUse?: LastUseOfFlag;
  readonly places: readonly Place[];
}

/**
 * The time of the last use in epoch ms; `"never"` if the flag was not used since counting began; `"not-counted"`
 * without a file of last uses.
 */
export type LastUseOfFlag = number | "never" | "not-counted";
