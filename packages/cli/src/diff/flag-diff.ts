import type { Aspect, FlagComparison } from "@sortition/core/dialect";
import type { Cell } from "./moves.js";

/** What became of one flag, and who moves by it. */
export interface FlagDiff extends FlagComparison {
  /** `null`: it was not asked who moves. */
  readonly movement: Movement | null;
  /** Why it is not known how many subjects move, in a sentence about the flag; `null`: it is known. */
  readonly unmeasured: string | null;
}

/** Who moves. */
export interface Movement {
  /** Subjects of the user's, exact shares, or made-up keys. */
  readonly source: "subjects" | "shares" | "generated";
  /** Number of subjects; 1 for shares. */
  readonly total: number;
  readonly moved: number;
  /** How many subjects one of the configurations cannot decide. */
  readonly undecided: number;
  /** Why it cannot, for the first of them; `null`: it can. */
  readonly undecidedBy: string | null;
  readonly cells: readonly Cell[];
  /** How many move by each aspect; empty if it is not known. */
  readonly whys: ReadonlyMap<Aspect, number>;
}
