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
  /** Since when the flag is decided, or when it was last present, epoch ms; `null` if unknown. */
  readonly sinceMs?: number | null;
  /** Only for `not-in-code`. */
  readonly lastUse?: LastUseOfFlag;
  readonly places: readonly Place[];
}

/** Epoch ms; `"never"`: not since counting began; `"not-counted"`: no file of last uses was given. */
export type LastUseOfFlag = number | "never" | "not-counted";
