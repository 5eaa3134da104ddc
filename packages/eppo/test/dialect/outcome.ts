import { compareAnswers, type Difference } from "@sortition/dialect-kit/differential";

/** The result of one call in either SDK. */
export interface Outcome {
  /** Whether the getter threw. If so, value and details are empty. */
  readonly threw: boolean;
  readonly value: unknown;
  /** `null` if the call requested no details. */
  readonly details: object | null;
  /** Events logged during the call. */
  readonly events: readonly object[];
}

/**
 * Whether a path contains the caller's attributes, which events contain as the same object, not as
 * an equal one.
 */
export function isCallersObject(path: string): boolean {
  return path.endsWith(".subjectAttributes");
}

/** Lists all differences between the results of one call. */
export function compareOutcomes(ours: Outcome, vendor: Outcome): Difference[] {
  return compareAnswers(ours, vendor, isCallersObject);
}
