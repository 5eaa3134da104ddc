import { type AbortSignalLike, ClosedError, type RefreshOutcome } from "@sortition/core/source";

/** The outcome, or `closed` when the signal is aborted; the attempt itself continues. */
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

/** Outcome of a refresh of a source without subscribers. */
export function closedOutcome(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
