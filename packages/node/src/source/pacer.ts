import { type Clock, draw, type Failure, pause, type Random } from "@sortition/core/internal";
import { thrownFailure } from "../http/failure.js";
import { Attempts } from "./attempts.js";
import { closedFailure } from "./refresh.js";
import { untilAborted } from "./until-aborted.js";

/** State of a run after an attempt, or before the first one. */
export interface LastAttempt {
  /** Attempts since {@link Pacer.start}. */
  readonly attempts: number;
  /** `null` if the attempt succeeded, or there was none. */
  readonly failure: Failure | null;
  /** Failures since the last success, including this one. */
  readonly failures: number;
  /** How many of these failures were refusals (unauthorized or rejected). */
  readonly refusals: number;
  /** Whether there is a configuration to serve. */
  readonly isLoaded: boolean;
}

/** Determines when the next attempt is due. Created for each run, so it may keep state. */
export interface Pace {
  /**
   * How to repeat the first attempt of a start that makes one immediately. Default: no repetition.
   */
  readonly first?: {
    /** Number of tries, including the first. */
    readonly tries: number;
    /** Pause before the next try, in ms. `u` is a random number in [0, 1). */
    pauseMs(u: number): number;
    /** Whether these pauses keep the process alive. */
    readonly holdsProcess: boolean;
  };
  /**
   * Returns the time until the next attempt in ms, or `null` to wait for `start` or `now`. Called
   * once per attempt.
   *
   * @param u - one draw in [0, 1].
   */
  delayMs(last: LastAttempt, u: number): number | null;
}

/** Dependencies of a {@link Pacer}. */
export interface PacerPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Whether there is a configuration to serve. */
  isLoaded(): boolean;
  /**
   * Makes one attempt.
   *
   * @param answered - to call when the response has been received. Later callers get the next
   * attempt.
   * @returns `null` if it succeeded. A rejection is treated as a transient failure.
   */
  attempt(signal: AbortSignal, answered: () => void): Promise<Failure | null>;
  /** Called when an attempt has ended and the timer of the next one is set. May stop the pacer. */
  ended?(failure: Failure | null, next: { readonly inMs: number | null }): void;
}

/**
 * Makes attempts one at a time, when its {@link Pace} says so. Its timers do not keep the process
 * alive.
 */
export class Pacer {
  readonly #createPace: () => Pace;
  readonly #ports: PacerPorts;
  #run: Run | null = null;

  constructor(createPace: () => Pace, ports: PacerPorts) {
    this.#createPace = createPace;
    this.#ports = ports;
  }

  /**
   * Ends the current run and starts a new one, either with an attempt or with the delay before the
   * first.
   */
  start(when: "now" | "later"): void {
    this.stop();
    this.#run = new Run(this.#createPace(), this.#ports);
    this.#run.begin(when);
  }

  /**
   * Makes an attempt immediately, or joins one that is waiting for its response. All tries of a
   * first attempt are one attempt. Never rejects.
   *
   * @returns the failure, or `null` if it succeeded. A `ClosedError` if there is no run or it ends
   * in the meantime.
   */
  now(): Promise<Failure | null> {
    return this.#run?.attempt() ?? Promise.resolve(closedFailure());
  }

  /**
   * Makes one more attempt after the running one, or immediately if there is none.
   *
   * @param options - `abort`: restarts the running attempt for all its callers, because its
   * response would be outdated. An attempt that has received its response is completed.
   */
  again(options: { readonly abort: boolean }): void {
    this.#run?.again(options);
  }

  /** Ends the run in the same turn: its timer, its attempt and the callers of that attempt. */
  stop(): void {
    this.#run?.end();
    this.#run = null;
  }
}

/** State from a start until the next stop. */
class Run {
  readonly #pace: Pace;
  readonly #ports: PacerPorts;
  readonly #controller = new AbortController();
  readonly #attempts = new Attempts((answered) => this.#makeAttempt(answered));
  /** Aborts the running attempt. Replaced only after it has been used. */
  #attempt = new AbortController();
  #cancelTimer: () => void = () => {};
  /** How to repeat the next attempt. */
  #first: Pace["first"];
  #made = 0;
  #failures = 0;
  #refusals = 0;
  #failure: Failure | null = null;

  constructor(pace: Pace, ports: PacerPorts) {
    this.#pace = pace;
    this.#ports = ports;
  }

  attempt(): Promise<Failure | null> {
    return this.#attempts.next();
  }

  again({ abort }: { readonly abort: boolean }): void {
    if (abort && this.#attempts.isUnanswered) this.#attempt.abort();
    else void this.#attempts.another();
  }

  begin(when: "now" | "later"): void {
    if (when === "later") {
      this.arm(null);
      return;
    }
    this.#first = this.#pace.first;
    void this.attempt();
  }

  /**
   * Sets the timer of the next attempt. Returns its delay in ms, or `null` if there is no timer.
   */
  arm(failure: Failure | null): number | null {
    const { clock, isLoaded, random } = this.#ports;
    const counts = { attempts: this.#made, failures: this.#failures, refusals: this.#refusals };
    const delayMs = this.#pace.delayMs({ failure, ...counts, isLoaded: isLoaded() }, draw(random));
    if (delayMs === null) return null;
    const inMs = Math.round(delayMs);
    this.#cancelTimer = clock.setTimer(() => void this.attempt(), inMs, { holdsProcess: false });
    return inMs;
  }

  end(): void {
    this.#cancelTimer();
    this.#controller.abort();
    this.#attempt.abort();
  }

  async #makeAttempt(answered: () => void): Promise<Failure | null> {
    const { signal } = this.#controller;
    if (signal.aborted) return closedFailure();
    this.#cancelTimer();
    const stopped = (): Failure => this.#failure ?? closedFailure();
    const failure = await untilAborted(this.#tryUntilWanted(answered), signal, stopped);
    if (signal.aborted) return stopped();
    this.#made += 1;
    this.#failures = failure === null ? 0 : this.#failures + 1;
    if (failure === null) this.#refusals = 0;
    else if (failure.kind !== "transient") this.#refusals += 1;
    // The owner of the attempts was closed, so no further attempt is due.
    const isClosed = failure?.error.code === "SORTITION_CLOSED";
    const inMs = isClosed ? null : this.arm(failure);
    this.#ports.ended?.(failure, { inMs });
    return failure;
  }

  /**
   * Tries again whenever `again` has aborted the attempt. All callers get the outcome of the last
   * try.
   */
  async #tryUntilWanted(answered: () => void): Promise<Failure | null> {
    const first = this.#first;
    this.#first = undefined;
    for (;;) {
      if (this.#attempt.signal.aborted) this.#attempt = new AbortController();
      const { signal } = this.#attempt;
      const failure = await this.#tryAll(first, signal, () => {
        if (!signal.aborted) answered();
      });
      if (!signal.aborted || this.#controller.signal.aborted) return failure;
    }
  }

  async #tryAll(
    first: Pace["first"],
    signal: AbortSignal,
    answered: () => void,
  ): Promise<Failure | null> {
    const { clock, random } = this.#ports;
    for (let tries = 1; ; tries++) {
      const failure = await this.#ports.attempt(signal, answered).catch(thrownFailure);
      if (failure === null || first === undefined || tries >= first.tries) return failure;
      if (signal.aborted || failure.error.code === "SORTITION_CLOSED") return failure;
      this.#failure = failure;
      const { holdsProcess } = first;
      await pause(clock, Math.round(first.pauseMs(draw(random))), { signal, holdsProcess });
      if (signal.aborted) return failure;
    }
  }
}
