import {
  ClosedError,
  type Failure,
  type RefreshOutcome,
  transientFailure,
} from "@sortition/core/internal";

/** Failure of an abandoned attempt. */
export function closedFailure(): Failure {
  return transientFailure(new ClosedError());
}

/** Outcome of refreshing a source without subscribers. */
export function closedOutcome(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
