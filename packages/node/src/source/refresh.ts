import {
  type AbortSignalLike,
  ClosedError,
  type Failure,
  type RefreshOutcome,
  transientFailure,
} from "@sortition/core/internal";
import { untilAborted } from "./until-aborted.js";

/** The outcome, or `closed` when the signal is aborted; the attempt itself continues. */
export function abandonable(
  attempt: Promise<RefreshOutcome>,
  signal: AbortSignalLike,
): Promise<RefreshOutcome> {
  return untilAborted(attempt, signal, closedOutcome);
}

/** Failure of an attempt that was abandoned. */
export function closedFailure(): Failure {
  return transientFailure(new ClosedError());
}

/** Outcome of a refresh of a source without subscribers. */
export function closedOutcome(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
