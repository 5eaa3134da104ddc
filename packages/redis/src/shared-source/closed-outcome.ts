import { ClosedError, type RefreshOutcome } from "@sortition/core/kit";

/** The outcome of a refresh of what has ended. */
export function closedOutcome(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
