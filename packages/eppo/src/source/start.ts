import {
  type Clock,
  ClosedError,
  type Diagnostics,
  type Failure,
  HttpStatusError,
  type Random,
  type SortitionError,
} from "@sortition/core/internal";
import { Pacer, statusFailure, thrownFailure } from "@sortition/node/internal";
import { requestError } from "./http-request-error.js";
import { type PollingRules, pollingPace } from "./pace.js";

export interface FetchingParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly diagnostics: Diagnostics;
  /**
   * Makes one attempt to fetch. Returns `null` if it succeeded. Never rejects.
   *
   * @param holdsProcess - whether the attempt keeps the process alive.
   */
  fetch(holdsProcess: boolean): Promise<SortitionError | null>;
  /** Called when the application stops polling, and when polling starts again. */
  paused(isPaused: boolean): void;
}

/** Fetches configurations at the vendor's pace. */
export interface Fetching {
  /**
   * Fetches with the retries of the rules and starts polling. Ends the polling of an earlier run.
   *
   * @param rules - rules of this run. Default: those of the previous run.
   * @throws HttpRequestError if no attempt succeeded and the rules have `rejectsOnFailure`.
   */
  start(rules?: PollingRules): Promise<void>;
  /**
   * Stops polling until the next start. Quirk: a running start continues, unless the client is
   * closed (eppo).
   */
  stop(isEnd?: boolean): void;
}

/** Creates a {@link Fetching} that does nothing until it is started. */
export function createFetching(firstRules: PollingRules, parts: FetchingParts): Fetching {
  const { clock, diagnostics, random } = parts;
  let rules = firstRules;
  let stop: Fetching["stop"] = () => {};
  return {
    async start(nextRules = rules) {
      stop();
      parts.paused(false);
      rules = nextRules;
      let fetching: Promise<Failure | null> = Promise.resolve(null);
      // The caller awaits the start, but no caller awaits a poll.
      let isAwaited = !nextRules.skipsFirstAttempt;
      const onEnd = ({ error }: Failure, failures: number): void => {
        const facts = { failures, reason: error.message };
        diagnostics.error("polling stopped, as numPollRequestRetries says", facts);
      };
      const pacer = new Pacer(() => pollingPace(nextRules, onEnd), {
        clock,
        random,
        isLoaded: () => true,
        attempt() {
          fetching = parts.fetch(isAwaited).then(failureOf);
          return fetching;
        },
      });
      let isStopped = false;
      stop = (isEnd) => {
        isStopped = true;
        if (isEnd || !isAwaited) pacer.stop();
      };
      if (nextRules.skipsFirstAttempt) {
        pacer.start("later");
        return;
      }
      pacer.start("now");
      const failure = await pacer.now();
      isAwaited = false;
      if (isStopped) pacer.stop();
      // After a stop, the caller of this start still awaits the running attempt.
      const error = (failure?.error instanceof ClosedError ? await fetching : failure)?.error;
      if (error === undefined) return;
      if (nextRules.rejectsOnFailure) throw requestError(error);
      if (!nextRules.pollsAfterFailure) {
        const hint = "pollAfterFailedInitialization: true goes on polling";
        diagnostics.warn("no configuration, and polling is off", { hint });
      }
    },
    stop(isEnd) {
      stop(isEnd);
      parts.paused(true);
    },
  };
}

function failureOf(error: SortitionError | null): Failure | null {
  if (error === null) return null;
  if (!(error instanceof HttpStatusError)) return thrownFailure(error);
  return { ...statusFailure(error.httpStatus, error.retryAfterMs), error };
}
