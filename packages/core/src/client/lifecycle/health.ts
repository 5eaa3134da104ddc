import type { Failure } from "../../configuration/origin.js";
import { httpStatusOf } from "../../errors/errors.js";
import type { Clock } from "../../runtime/clock.js";
import { isoTime } from "../../runtime/iso-time.js";
import { type Moment, momentAgo, msSince } from "../../runtime/moment.js";
import type { ConfigurationStore } from "./configuration-store.js";
import type { ClientState, StatusError } from "./status.js";

/** The facts that determine a client's state. */
export class Health {
  readonly #clock: Clock;
  readonly #store: ConfigurationStore;
  readonly #staleAfterMs: number | null;
  #confirmedAt: Moment | null = null;
  #successWallMs: number | null = null;
  #failure: Failure | null = null;
  #failureWallMs = 0;
  #failingSinceMs = 0;
  #failures = 0;
  #nextAttemptAtMs: number | null = null;
  /** Causes reported since the last success. */
  readonly #reported = new Set<string>();
  /** Whether the configuration is a copy from disk that the origin has not confirmed yet. */
  isUnconfirmed = false;
  /** Whether a configuration was not stale when it was served. */
  #hasBeenFresh = false;
  hasReadyWaitEnded = false;
  isClosed = false;

  constructor(clock: Clock, store: ConfigurationStore, staleAfterMs: number | null) {
    this.#clock = clock;
    this.#store = store;
    this.#staleAfterMs = staleAfterMs;
  }

  get state(): ClientState {
    if (this.isClosed) return "closed";
    if (this.#store.configuration !== null) {
      return this.isUnconfirmed || this.#isOld ? "stale" : "ready";
    }
    const hasFailedFast = this.#failure !== null && this.#failure.kind !== "transient";
    return this.hasReadyWaitEnded || hasFailedFast ? "error" : "initializing";
  }

  /** Time since the origin confirmed the configuration, as far as its source knows. `null` if that is unknown. */
  get ageMs(): number | null {
    return this.#confirmedAt === null ? null : msSince(this.#confirmedAt, this.#clock);
  }

  /** {@link ageMs} in whole milliseconds, for status and events. */
  get wholeAgeMs(): number | null {
    const { ageMs } = this;
    return ageMs === null ? null : Math.floor(ageMs);
  }

  /** Time until the configuration becomes stale. `null`: it never does. */
  get staleInMs(): number | null {
    const { ageMs } = this;
    return this.#staleAfterMs === null || ageMs === null ? null : this.#staleAfterMs - ageMs;
  }

  get #isOld(): boolean {
    return this.staleInMs !== null && this.staleInMs <= 0;
  }

  /** Whether this process has only had a stale copy, from disk or from a store that the source shares with others. */
  get isCopy(): boolean {
    return this.isUnconfirmed || (this.#isOld && !this.#hasBeenFresh);
  }

  get failures(): number {
    return this.#failures;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get nextAttemptInMs(): number | null {
    if (this.#nextAttemptAtMs === null || this.isClosed) return null;
    const inMs = this.#nextAttemptAtMs - this.#clock.monotonicMs();
    return inMs > 0 ? inMs : null; // otherwise it is in progress
  }

  /** {@link nextAttemptInMs} in whole milliseconds, for status and events. */
  get wholeNextAttemptInMs(): number | null {
    const { nextAttemptInMs } = this;
    return nextAttemptInMs === null ? null : Math.ceil(nextAttemptInMs);
  }

  get lastSuccessAt(): string | null {
    return this.#successWallMs === null ? null : isoTime(this.#successWallMs);
  }

  get lastError(): StatusError | null {
    if (this.#failure === null) return null;
    const { error } = this.#failure;
    const httpStatus = httpStatusOf(error);
    return Object.freeze({
      code: error.code,
      message: error.message,
      at: isoTime(this.#failureWallMs),
      ...(httpStatus === null ? {} : { httpStatus }),
    });
  }

  /** Whether `ageMs` is at most the current age. True if nothing was confirmed yet. */
  isYounger(ageMs: number): boolean {
    return this.isUnconfirmed || this.ageMs === null || usableAge(ageMs) <= this.ageMs;
  }

  /** Notes a copy from disk, which the origin confirmed `ageMs` ago in an earlier process, if the age is known. */
  copied(ageMs: number | null): void {
    this.isUnconfirmed = true;
    this.#confirmedAt = ageMs === null ? null : momentAgo(this.#clock, usableAge(ageMs));
  }

  /**
   * Notes a success.
   *
   * @param ageMs - how long ago the origin confirmed the configuration.
   * @returns how often and how long attempts failed before it, or `null` if they did not.
   */
  succeeded(ageMs: number): { readonly failures: number; readonly outageMs: number } | null {
    const nowMs = this.#clock.monotonicMs();
    const outage =
      this.#failures === 0
        ? null
        : { failures: this.#failures, outageMs: Math.round(nowMs - this.#failingSinceMs) };
    this.#confirmedAt = momentAgo(this.#clock, usableAge(ageMs));
    this.#successWallMs = this.#confirmedAt.wallMs;
    this.#failures = 0;
    this.#failure = null;
    this.#nextAttemptAtMs = null;
    this.#reported.clear();
    this.isUnconfirmed = false;
    this.#hasBeenFresh ||= !this.#isOld;
    return outage;
  }

  /** Notes a failure. Returns whether its cause is new since the last success. */
  failed(failure: Failure, nextInMs: number | null): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (this.#failures === 0) this.#failingSinceMs = nowMs;
    this.#failures += 1;
    this.#failure = failure;
    this.#failureWallMs = this.#clock.now();
    this.#nextAttemptAtMs = nextInMs === null ? null : nowMs + nextInMs;
    return this.isNewCause(causeOf(failure));
  }

  /** Notes when the next attempt starts. */
  scheduled(inMs: number): void {
    this.#nextAttemptAtMs = this.#clock.monotonicMs() + inMs;
  }

  /** Returns whether this cause was not reported since the last success, and marks it as reported. */
  isNewCause(cause: string): boolean {
    if (this.#reported.has(cause)) return false;
    this.#reported.add(cause);
    return true;
  }
}

/** Returns an age of at least 0. A source's clock may have been set back, or the age may be missing. */
function usableAge(ageMs: number): number {
  return Math.max(ageMs || 0, 0);
}

function causeOf({ error }: Failure): string {
  const httpStatus = httpStatusOf(error);
  return httpStatus === null ? error.code : `${error.code} ${httpStatus}`;
}
