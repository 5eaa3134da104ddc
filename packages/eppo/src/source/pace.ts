import { DecodeError, type Failure, type SortitionError } from "@sortition/core/internal";
import {
  failureDelayMs,
  type LastAttempt,
  type Pace,
  type Pacing,
  steadyDelayMs,
} from "@sortition/node/internal";

/** When configurations are fetched. */
export interface PollingRules extends Pacing {
  readonly initialRetries: number;
  /** Consecutive failed polls to retry before polling stops. `null`: it never stops. */
  readonly pollRetries: number | null;
  readonly pollsAfterSuccess: boolean;
  readonly pollsAfterFailure: boolean;
  readonly rejectsOnFailure: boolean;
  readonly skipsFirstAttempt: boolean;
}

/**
 * The vendor's pace: a few initial tries, then an interval. After a failure the interval doubles,
 * and polling stops after `numPollRequestRetries`. Without that option, the delays after a failure
 * follow this library's lifecycle.
 *
 * @param onEnd - called with the failure that stops polling.
 */
export function pollingPace(
  rules: PollingRules,
  onEnd: (failure: Failure, failures: number) => void,
): Pace {
  const { initialRetries, intervalMs, pollRetries, pollsAfterFailure, pollsAfterSuccess } = rules;
  /** The vendor's jitter: 5 to 10% of the interval. */
  const retryMs = (u: number): number =>
    0.05 * intervalMs + Math.max(Math.floor(u * 0.05 * intervalMs), 1);
  /**
   * The start, or the last attempt that the vendor treats as a success. Earlier failures are not
   * failures of polls.
   */
  let start: LastAttempt | null = null;
  return {
    first: { tries: initialRetries + 1, pauseMs: retryMs, holdsProcess: true },
    delayMs(last, u) {
      const { attempts, failure, failures, refusals } = last;
      if (start === null || failure === null) {
        // A start without an attempt has not fetched anything.
        const isFetched = attempts > 0 && failure === null;
        const polls = start !== null || (isFetched ? pollsAfterSuccess : pollsAfterFailure);
        start = last;
        return polls ? steadyDelayMs(rules, u) : null;
      }
      if (lacksFlags(failure.error)) {
        start = last;
        return steadyDelayMs(rules, u);
      }
      if (pollRetries === null) {
        return failureDelayMs(rules, { ...last, failure, refusals: refusals - start.refusals }, u);
      }
      const failed = failures - start.failures;
      if (failed <= pollRetries) return 2 ** failed * intervalMs + retryMs(u);
      onEnd(failure, failed);
      return null;
    },
  };
}

/**
 * Quirk: the vendor's poller treats a JSON response without flags as a success, but takes nothing
 * from it (eppo).
 */
function lacksFlags(error: SortitionError): boolean {
  return error instanceof DecodeError && error.isJson;
}
