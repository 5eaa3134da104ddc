import {
  type Clock,
  ClosedError,
  type Diagnostics,
  HttpStatusError,
  pause,
  type Random,
  type SortitionError,
} from "@sortition/core/source";
import {
  failureDelayMs,
  type Pacing,
  statusFailure,
  steadyDelayMs,
  thrownFailure,
} from "@sortition/node/transport";
import { requestError } from "./http-request-error.js";

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

/** What {@link Polling} works with. */
export interface PollingParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly diagnostics: Diagnostics;
  /** One attempt to fetch; `null` if it succeeded. Never rejects. */
  fetch(): Promise<SortitionError | null>;
}

/** Fetches configurations in the vendor's order: a few first attempts, then at an interval. */
export class Polling {
  #rules: PollingRules;
  readonly #parts: PollingParts;
  /** Aborted by {@link stop} and by the next {@link start}. */
  #run = new AbortController();
  #cancelTimer: () => void = () => {};
  #failures = 0;
  #refusals = 0;

  constructor(rules: PollingRules, parts: PollingParts) {
    this.#rules = rules;
    this.#parts = parts;
  }

  /**
   * Fetches, again after a failure as often as the rules say, and starts to poll. Ends an earlier run.
   *
   * @param nextRules - from now on; default: those of the earlier run.
   * @throws HttpRequestError if no attempt succeeded and the rules say so.
   */
  async start(nextRules: PollingRules = this.#rules): Promise<void> {
    this.stop();
    this.#rules = nextRules;
    const run = new AbortController();
    this.#run = run;
    const rules = this.#rules;
    const error = rules.skipsFirstAttempt ? null : await this.#firstAttempts(run.signal);
    const hasFetched = error === null && !rules.skipsFirstAttempt;
    this.#failures = error === null ? 0 : 1;
    this.#refusals = 0;
    if (hasFetched ? rules.pollsAfterSuccess : rules.pollsAfterFailure) {
      this.#arm(this.#steadyMs(), run.signal);
    } else if (error !== null && !rules.rejectsOnFailure) {
      const hint = "pollAfterFailedInitialization: true goes on polling";
      this.#parts.diagnostics.warn("no configuration, and polling is off", { hint });
    }
    if (error !== null && rules.rejectsOnFailure) throw requestError(error);
  }

  /** Stops polling until the next {@link start}. */
  stop(): void {
    this.#run.abort();
    this.#cancelTimer();
  }

  async #firstAttempts(signal: AbortSignal): Promise<SortitionError | null> {
    for (let left = this.#rules.initialRetries; ; left--) {
      const error = await this.#parts.fetch();
      if (error === null || left <= 0 || error instanceof ClosedError) return error;
      await pause(this.#parts.clock, Math.round(this.#retryMs()), { holdsProcess: true });
      if (signal.aborted) return error;
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const error = await this.#parts.fetch();
    if (signal.aborted || error instanceof ClosedError) return;
    if (error === null) {
      this.#failures = 0;
      this.#refusals = 0;
      this.#arm(this.#steadyMs(), signal);
      return;
    }
    this.#failures += 1;
    const { intervalMs, pollRetries } = this.#rules;
    if (pollRetries === null) this.#arm(this.#failureMs(error), signal);
    else if (this.#failures <= pollRetries) {
      this.#arm(2 ** this.#failures * intervalMs + this.#retryMs(), signal);
    } else {
      const facts = { failures: this.#failures, reason: error.message };
      this.#parts.diagnostics.error("polling stopped, as numPollRequestRetries says", facts);
    }
  }

  #arm(inMs: number, signal: AbortSignal): void {
    if (signal.aborted) return;
    const { clock } = this.#parts;
    const poll = (): void => void this.#poll(signal);
    this.#cancelTimer = clock.setTimer(poll, Math.round(inMs), { holdsProcess: false });
  }

  #steadyMs(): number {
    return steadyDelayMs(this.#rules, this.#parts.random());
  }

  /** The vendor's jitter: 5 to 10 % of the interval. */
  #retryMs(): number {
    const { intervalMs } = this.#rules;
    return 0.05 * intervalMs + Math.max(Math.floor(this.#parts.random() * 0.05 * intervalMs), 1);
  }

  #failureMs(error: SortitionError): number {
    const failure =
      error instanceof HttpStatusError
        ? statusFailure(error.httpStatus, error.retryAfterMs)
        : thrownFailure(error);
    if (failure.kind !== "transient") this.#refusals += 1;
    const attempt = {
      failure,
      failures: this.#failures,
      refusals: this.#refusals,
      isLoaded: true,
    };
    return failureDelayMs(this.#rules, attempt, this.#parts.random());
  }
}
