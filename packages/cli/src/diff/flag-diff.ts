import type { Aspect, FlagComparison } from "@sortition/core/dialect";
import type { Cell } from "./moves.js";

/** What became of one flag, and who moves by it. */
export interface FlagDiff extends FlagComparison {
  /** `null`: it was not asked who moves. */
  readonly movement: Movement | null;
}

/** Who moves. */
export interface Movement {
  /** Subjects of the user's, exact shares, or made-up keys. */
  readonly source: "subjects" | "shares" | "generated";
  /** Number of subjects; 1 for shares. */
  readonly total: number;
  readonly moved: number;
  readonly cells: readonly Cell[];
  /** How many move by each aspect; empty if it is not known. */
  readonly whys: ReadonlyMap<Aspect, number>;
}
