import { compareAnswers, type Difference } from "../../src/differential/compare.js";

/** The answer of either SDK to one call. */
export interface Outcome {
  /** Whether the getter threw. Value and details are empty then. */
  readonly threw: boolean;
  readonly value: unknown;
  /** `null` if the call asked for no details. */
  readonly details: object | null;
  /** What was logged during the call. */
  readonly events: readonly object[];
}

/** An event carries the attributes as the caller passed them: the same object, not an equal one. */
export function isCallersObject(path: string): boolean {
  return path.endsWith(".subjectAttributes");
}

/** Lists all differences between the outcomes of one call. */
export function compareOutcomes(ours: Outcome, vendor: Outcome): Difference[] {
  return compareAnswers(ours, vendor, isCallersObject);
}
