import {
  type AbortSignalLike,
  ClosedError,
  type Failure,
  type RefreshOutcome,
  transientFailure,
} from "@sortition/core/internal";
import { untilAborted } from "./until-aborted.js";

/**
 * Returns the outcome, or `closed` if the signal is aborted first. The attempt itself continues.
 */
export function abandonable(
  attempt: Promise<RefreshOutcome>,
  signal: AbortSignalLike,
): Promise<RefreshOutcome> {
  return untilAborted(attempt, signal, closedOutcome);
}

/** Failure of an abandoned attempt. */
export function closedFailure(): Failure {
  return transientFailure(new ClosedError());
}

/** Outcome of refreshing a source without subscribers. */
export function closedOutcome(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
