import type { Aspect, FlagComparison } from "@sortition/core/dialect";
import type { Cell } from "./moves.js";

/** The changes of a flag and the subjects that they move. */
export interface FlagDiff extends FlagComparison {
  /** `null` if moves were not measured. */
  readonly movement: Movement | null;
  /** Explains why the number of moved subjects is unknown; `null` if it is known. */
  readonly unmeasured: string | null;
}

/** How many subjects move, and why. */
export interface Movement {
  /** The user's subjects, exact shares, or made-up keys. */
  readonly source: "subjects" | "shares" | "generated";
  /** Number of subjects; 1 for shares. */
  readonly total: number;
  readonly moved: number;
  /** Number of subjects that could not be evaluated with one of the configurations. */
  readonly undecided: number;
  /** Why the first of them could not be evaluated; `null` if all could be. */
  readonly undecidedBy: string | null;
  /** Number of undecided subjects by the attribute that they lack and that a changed rule reads. */
  readonly lacking: ReadonlyMap<string, number>;
  readonly cells: readonly Cell[];
  /** Number of moved subjects by aspect; empty if unknown. */
  readonly whys: ReadonlyMap<Aspect, number>;
}
