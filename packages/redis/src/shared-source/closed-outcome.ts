import { ClosedError, type RefreshOutcome } from "@sortition/core/internal";

/** Outcome of a refresh after the end of the worker or fleet. */
export function closedOutcome(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
