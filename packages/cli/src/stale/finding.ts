import type { Place } from "./places.js";

/** What is reported of flags. `ambiguous`: the key is too common to be searched for. */
export type FindingKind = "decided" | "disabled" | "not-in-code" | "gone" | "ambiguous";

/** What `--fail-on` and the files of `--allow` take. */
export const FINDING_KINDS: readonly FindingKind[] = [
  ...(["decided", "disabled", "not-in-code", "gone", "ambiguous"] as const),
];

/** A flag to clean up. */
export interface Finding {
  readonly kind: FindingKind;
  readonly flag: string;
  /** The values that every subject gets, by type of getter; only of `decided`. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Since when it is decided, or the last time when it was there, epoch ms; `null`: not known. */
  readonly sinceMs?: number | null;
  /** Only of `not-in-code`. */
  readonly lastUse?: LastUseOfFlag;
  readonly places: readonly Place[];
}

/** Epoch ms; `"never"`: not since counting began; `"not-counted"`: there is no file of last uses. */
export type LastUseOfFlag = number | "never" | "not-counted";
