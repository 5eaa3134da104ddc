import type { FlagComparison } from "@sortition/core/dialect";
import type { CountedMoves } from "./moves.js";

/** The changes of a flag and the subjects that they move. */
export interface FlagDiff extends FlagComparison {
  /** `null` if moves were not measured. */
  readonly movement: Movement | null;
  /** Explains why the number of moved subjects is unknown; `null` if it is known. */
  readonly unmeasured: string | null;
}

/** How many subjects move, and why. */
export interface Movement extends CountedMoves {
  /** The user's subjects, exact shares, or made-up keys. */
  readonly source: "subjects" | "shares" | "generated";
}
