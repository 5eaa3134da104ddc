import { type AbortSignalLike, ClosedError } from "@sortition/core";
import type { RefreshOutcome } from "@sortition/core/source";

/** The outcome, or the end of the wait when the signal is aborted; the look itself goes on. */
export function abandonable(
  look: Promise<RefreshOutcome>,
  signal: AbortSignalLike,
): Promise<RefreshOutcome> {
  return new Promise((resolve) => {
    const onAbort = (): void => resolve(closedOutcome());
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    void look.then((outcome) => {
      signal.removeEventListener("abort", onAbort);
      resolve(outcome);
    });
  });
}

/** A refresh of a source that nobody listens to. */
export function closedOutcome(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
