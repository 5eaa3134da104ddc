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
  /** Repetitions of the first attempt. */
  readonly initialRetries: number;
  /** Failed polls in a row that are repeated before polling stops; `null`: it never stops. */
  readonly pollRetries: number | null;
  readonly pollsAfterSuccess: boolean;
  readonly pollsAfterFailure: boolean;
  readonly rejectsOnFailure: boolean;
  readonly skipsFirstAttempt: boolean;
}

/**
 * The vendor's pace: a few first tries, then an interval; after a failure one that doubles, and no more after
 * `numPollRequestRetries`. Without that option the delays after a failure follow this library's lifecycle.
 *
 * @param onEnd - polling stops because of this failure.
 */
export function pollingPace(
  rules: PollingRules,
  onEnd: (failure: Failure, failures: number) => void,
): Pace {
  const { initialRetries, intervalMs, pollRetries, pollsAfterFailure, pollsAfterSuccess } = rules;
  /** The vendor's jitter: 5 to 10% of the interval. */
  const retryMs = (u: number): number =>
    0.05 * intervalMs + Math.max(Math.floor(u * 0.05 * intervalMs), 1);
  /** The start, or the last attempt that the vendor counts as a success. Earlier failures are no failures of polls. */
  let start: LastAttempt | null = null;
  return {
    first: { tries: initialRetries + 1, pauseMs: retryMs, holdsProcess: true },
    delayMs(last, u) {
      const { attempts, failure, failures, refusals } = last;
      if (start === null || failure === null) {
        // A start without an attempt has fetched nothing.
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

/** Quirk: an answer without flags that is JSON is a success to the vendor's poller, which takes nothing from it (eppo). */
function lacksFlags(error: SortitionError): boolean {
  return error instanceof DecodeError && error.isJson;
}
