import { ClosedError, type RefreshOutcome } from "@sortition/core/internal";

/** Outcome of a refresh after the worker or fleet was closed. */
export function closedOutcome(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
