import type { Failure } from "../../configuration/origin.js";
import {
  ClosedError,
  errorFacts,
  httpStatusOf,
  type SortitionError,
  TimeoutError,
} from "../../errors/errors.js";
import type { Clock } from "../../runtime/clock.js";
import { type Diagnostics, reportOutage } from "../../runtime/diagnostics.js";
import type { AbortSignalLike } from "../../runtime/host.js";
import { isoTime } from "../../runtime/iso-time.js";
import { type Moment, momentAgo, msSince } from "../../runtime/moment.js";
import type { EmptyClient } from "../evaluation/mistake-texts.js";
import { ConfigurationStore } from "./configuration-store.js";
import type { Listeners } from "./listeners.js";
import type { NotReadyReason, ReadyResult } from "./ready-result.js";
import type { ClientState, ClientStatus, StatusError } from "./status.js";

const READY_HINT = "the first attempt is still under way: is the address of the server right?";

export interface StatusTrackerOptions {
  readonly initializationTimeoutMs: number;
  readonly staleAfterMs: number | null;
  readonly listeners: Listeners;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/** The attempts that failed since the last success. */
interface Outage {
  readonly sinceMs: number;
  readonly causes: Set<string>;
  failures: number;
  last: Failure;
  /** Epoch ms. */
  lastAtMs: number;
  /** Whether a failure was reported and not suppressed by the rate limit. */
  isReported: boolean;
}

type Verdict = { readonly reason: NotReadyReason; readonly error: SortitionError | null };

/** A call that waits for the first configuration. */
interface Wait {
  readonly endsAtMs: number;
  settle(verdict: Verdict | null): void;
}

/**
 * Keeps the facts that determine a client's state, and reports changes of the state (ready, stale, fresh, error) to
 * listeners, diagnostics and calls that wait for the first configuration.
 *
 * A fact is noted before a configuration is swapped in and reported afterwards, so that listeners to the swap already
 * see the new state.
 */
export class StatusTracker {
  readonly store: ConfigurationStore;
  readonly #options: StatusTrackerOptions;
  readonly #waits = new Set<Wait>();
  isClosed = false;
  /** Whether a source delivers configurations automatically. */
  #canFetch = false;
  #lateHint: () => string | undefined = () => undefined;
  #isPaused = false;
  #confirmedAt: Moment | null = null;
  /** Whether the configuration is a copy from disk that the origin has not confirmed yet. */
  #isUnconfirmed = false;
  /** Whether a configuration was not stale when it was served. */
  #hasBeenFresh = false;
  #succeededAtMs: number | null = null;
  #outage: Outage | null = null;
  #nextAttemptAtMs: number | null = null;
  #isReadyReported = false;
  #isStaleReported = false;
  #readyEndsAtMs = 0;
  #hasReadyWaitEnded = false;
  /** Whether a call has waited without getting a configuration. */
  #hasGivenUp = false;
  #cancelReadyTimer: (() => void) | null = null;
  #cancelStaleTimer: (() => void) | null = null;

  constructor(options: StatusTrackerOptions) {
    this.#options = options;
    this.store = new ConfigurationStore(options.listeners, options.diagnostics);
  }

  get state(): ClientState {
    if (this.isClosed) return "closed";
    if (this.store.configuration !== null) {
      return this.#isUnconfirmed || this.#isOld ? "stale" : "ready";
    }
    const hasFailedFast = this.#outage !== null && this.#outage.last.kind !== "transient";
    return this.#hasReadyWaitEnded || hasFailedFast ? "error" : "initializing";
  }

  /** Time since the origin confirmed the configuration, as far as its source knows. `null` if that is unknown. */
  get ageMs(): number | null {
    return this.#exactAgeMs === null ? null : Math.floor(this.#exactAgeMs);
  }

  /** The attempts, as the client's status shows them. */
  get attempts(): Pick<
    ClientStatus,
    "lastError" | "lastSuccessAt" | "consecutiveFailures" | "nextAttemptInMs"
  > {
    const outage = this.#outage;
    return {
      lastError: outage === null ? null : Object.freeze(lastErrorOf(outage)),
      lastSuccessAt: this.#succeededAtMs === null ? null : isoTime(this.#succeededAtMs),
      consecutiveFailures: outage?.failures ?? 0,
      nextAttemptInMs: this.#nextAttemptInMs,
    };
  }

  /** Facts that explain why there is no configuration. */
  get emptyClient(): Omit<EmptyClient, "hasSource"> {
    return {
      canFetch: this.#canFetch,
      hasWaited: this.#hasReadyWaitEnded || this.#hasGivenUp,
      isClosed: this.isClosed,
      failure: this.#outage?.last ?? null,
      nextAttemptInMs: this.#nextAttemptInMs,
    };
  }

  get #nextAttemptInMs(): number | null {
    if (this.#nextAttemptAtMs === null || this.isClosed) return null;
    const inMs = this.#nextAttemptAtMs - this.#options.clock.monotonicMs();
    return inMs > 0 ? Math.ceil(inMs) : null; // otherwise it is in progress
  }

  get #exactAgeMs(): number | null {
    return this.#confirmedAt === null ? null : msSince(this.#confirmedAt, this.#options.clock);
  }

  /** Time until the configuration becomes stale. `null`: it never does. */
  get #staleInMs(): number | null {
    const { staleAfterMs } = this.#options;
    const ageMs = this.#exactAgeMs;
    return staleAfterMs === null || ageMs === null ? null : staleAfterMs - ageMs;
  }

  get #isOld(): boolean {
    const staleInMs = this.#staleInMs;
    return staleInMs !== null && staleInMs <= 0;
  }

  /** Notes that a source will deliver configurations. The first one is late after `initializationTimeoutMs`. */
  expectConfigurations(lateHint: () => string | undefined): void {
    const { clock, initializationTimeoutMs } = this.#options;
    this.#canFetch = true;
    this.#lateHint = lateHint;
    if (this.store.configuration !== null) return;
    this.#readyEndsAtMs = clock.monotonicMs() + initializationTimeoutMs;
    this.#cancelReadyTimer = clock.setTimer(() => this.#endReadyWait(), initializationTimeoutMs, {
      holdsProcess: false,
    });
  }

  /** Notes that the source no longer delivers automatically. */
  expectNothing(): void {
    this.#canFetch = false;
    this.#cancelReadyTimer?.();
    this.#reviewWaits();
  }

  /** Pauses or resumes. A configuration that becomes stale during a pause is not reported. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (!this.isClosed) this.#armStaleTimer();
  }

  /** Ends all timers and waits. */
  close(): void {
    this.isClosed = true;
    this.#cancelReadyTimer?.();
    this.#cancelStaleTimer?.();
    this.#reviewWaits();
  }

  /**
   * Notes that the origin confirmed a configuration `ageMs` ago, serves it with `swap`, and reports the changes.
   * Without `swap`, it is already in use.
   */
  succeed(ageMs: number, swap?: () => void): void {
    const { clock, diagnostics } = this.#options;
    const outage = this.#outage;
    this.#outage = null;
    this.#nextAttemptAtMs = null;
    this.#isUnconfirmed = false;
    this.#confirmedAt = momentAgo(clock, usableAge(ageMs));
    this.#succeededAtMs = this.#confirmedAt.wallMs;
    this.#hasBeenFresh ||= !this.#isOld;
    if (outage?.isReported) {
      const outageMs = Math.round(clock.monotonicMs() - outage.sinceMs);
      diagnostics.warn("refresh recovered", { failures: outage.failures, outageMs });
    }
    this.#serve(swap);
  }

  /** Whether a confirmation `ageMs` ago is the youngest one. */
  isNews(ageMs: number): boolean {
    const knownMs = this.#isUnconfirmed ? null : this.#exactAgeMs;
    return !this.isClosed && (knownMs === null || usableAge(ageMs) <= knownMs);
  }

  /**
   * Serves a copy from disk with `swap`, and reports the changes. The origin has not confirmed it yet in this process,
   * but in an earlier one, `ageMs` ago if that is known.
   */
  serveCopy(ageMs: number | null, swap: () => void): void {
    this.#isUnconfirmed = true;
    this.#confirmedAt = ageMs === null ? null : momentAgo(this.#options.clock, usableAge(ageMs));
    this.#isStaleReported = false; // of another configuration
    this.#serve(swap);
  }

  /** Notes and reports a failed attempt. The next one starts in `nextInMs`, or on request (`null`). */
  fail(failure: Failure, nextInMs: number | null): void {
    if (this.isClosed) return;
    const { clock, diagnostics } = this.#options;
    const { error, kind } = failure;
    const nowMs = clock.monotonicMs();
    this.#outage ??= {
      sinceMs: nowMs,
      causes: new Set(),
      failures: 0,
      last: failure,
      lastAtMs: 0,
      isReported: false,
    };
    const outage = this.#outage;
    outage.failures += 1;
    outage.last = failure;
    outage.lastAtMs = clock.now();
    this.#nextAttemptAtMs = nextInMs === null ? null : nowMs + nextInMs;
    const facts = { ...errorFacts(error), failures: outage.failures, nextAttemptInMs: nextInMs };
    const known = outage.causes.size;
    const isNew = outage.causes.add(`${error.code} ${httpStatusOf(error)}`).size > known;
    // Only reported once, because a refused key or path is probed for as long as the process lives.
    const isProbed = kind !== "transient";
    if (isNew || !isProbed) {
      const level = isProbed ? "error" : "warn";
      const isReported = reportOutage(diagnostics, level, messageAbout(failure), facts);
      outage.isReported ||= isReported;
    }
    if (isNew) this.#emitError(error);
    const isWaiting = this.store.configuration === null && !this.#hasReadyWaitEnded;
    if (isWaiting && this.#isTooLate(failure, this.#readyEndsAtMs)) this.#endReadyWait();
    this.#reviewWaits();
  }

  /** Notes when the next attempt starts. */
  scheduled(inMs: number): void {
    this.#nextAttemptAtMs = this.#options.clock.monotonicMs() + inMs;
  }

  /** Waits for the first configuration. */
  waitForReady(timeoutMs: number, signal: AbortSignalLike | undefined): Promise<ReadyResult> {
    const { clock } = this.#options;
    const startedAtMs = clock.monotonicMs();
    return new Promise((resolve) => {
      let stop = (): void => {};
      const wait: Wait = {
        endsAtMs: startedAtMs + timeoutMs,
        settle: (verdict) => {
          if (!this.#waits.delete(wait)) return;
          stop();
          resolve(this.#resultOf(verdict, clock.monotonicMs() - startedAtMs));
        },
      };
      const abort = (): void => wait.settle({ reason: "aborted", error: null });
      const expire = (): void => {
        const error = this.#outage?.last.error ?? new TimeoutError("ready", timeoutMs);
        wait.settle(this.store.configuration === null ? { reason: "timeout", error } : null);
      };
      this.#waits.add(wait);
      const verdict = this.#judge(wait.endsAtMs);
      if (verdict !== undefined) wait.settle(verdict);
      else if (signal?.aborted) abort();
      else if (timeoutMs === 0) expire();
      else {
        signal?.addEventListener("abort", abort);
        const cancel = clock.setTimer(expire, timeoutMs, { holdsProcess: true });
        stop = () => {
          cancel();
          signal?.removeEventListener("abort", abort);
        };
      }
    });
  }

  /** Settles the waits that a new fact has ended. */
  #reviewWaits(): void {
    for (const wait of [...this.#waits]) {
      const verdict = this.#judge(wait.endsAtMs);
      if (verdict !== undefined) wait.settle(verdict);
    }
  }

  /** Returns how a wait ends. `null`: with a configuration; `undefined`: it has not ended. */
  #judge(endsAtMs: number): Verdict | null | undefined {
    if (this.isClosed) return { reason: "closed", error: new ClosedError() };
    const failure = this.#outage?.last;
    if (this.store.configuration !== null) {
      // A stale copy is served meanwhile, but the first attempt may return a newer configuration.
      const isCopy = this.#isUnconfirmed || (this.#isOld && !this.#hasBeenFresh);
      return isCopy && this.#canFetch && failure === undefined ? undefined : null;
    }
    if (!this.#canFetch) return { reason: "no-source", error: null };
    if (failure === undefined) return undefined;
    const { error, kind } = failure;
    if (kind !== "transient") return { reason: kind, error };
    return this.#isTooLate(failure, endsAtMs) ? { reason: "rate-limited", error } : undefined;
  }

  #resultOf(verdict: Verdict | null, elapsedMs: number): ReadyResult {
    const { configuration, source } = this.store;
    if (verdict === null && configuration !== null && source !== null) {
      return {
        ready: true,
        state: this.state,
        source,
        // Computed on read, because it may require hashing megabytes.
        get revision() {
          return configuration.revision;
        },
        elapsedMs,
      };
    }
    this.#hasGivenUp = true;
    return { ready: false, ...(verdict ?? { reason: "timeout", error: null }), elapsedMs };
  }

  /** Whether the server requested a pause that lasts longer than a wait. */
  #isTooLate({ retryAfterMs }: Failure, endsAtMs: number): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    return retryAfterMs !== null && Math.max(nowMs, this.#nextAttemptAtMs ?? nowMs) > endsAtMs;
  }

  #endReadyWait(): void {
    const { diagnostics, initializationTimeoutMs } = this.#options;
    this.#cancelReadyTimer?.();
    this.#hasReadyWaitEnded = true;
    const failure = this.#outage?.last;
    if (failure !== undefined && failure.kind !== "transient") return; // already reported as an error
    const error =
      failure?.error ??
      new TimeoutError("ready", initializationTimeoutMs, this.#lateHint() ?? READY_HINT);
    diagnostics.error("not ready", errorFacts(error));
    this.#emitError(error);
  }

  #emitError(error: SortitionError): void {
    const { listeners } = this.#options;
    listeners.emit("error", { error, state: this.state, nextAttemptInMs: this.#nextAttemptInMs });
  }

  #armStaleTimer(): void {
    this.#cancelStaleTimer?.();
    const staleInMs = this.#staleInMs;
    // A configuration that is stale from the start is reported when it is served.
    if (this.#isPaused || this.#isUnconfirmed || staleInMs === null || staleInMs <= 0) return;
    const becomeStale = (): void => {
      // A timer may fire early, because of rounding or its maximum delay.
      if (this.#isOld) this.#reportAge();
      else this.#armStaleTimer();
    };
    this.#cancelStaleTimer = this.#options.clock.setTimer(becomeStale, staleInMs, {
      holdsProcess: false,
    });
  }

  /** Swaps a configuration in, reports the first one, settles waiting calls, and reports whether it is stale. */
  #serve(swap: (() => void) | undefined): void {
    const { diagnostics, listeners } = this.#options;
    this.#armStaleTimer();
    swap?.();
    const { configuration, source } = this.store;
    if (configuration === null || source === null || this.isClosed) return;
    if (!this.#isReadyReported) {
      this.#isReadyReported = true;
      this.#cancelReadyTimer?.();
      diagnostics.info("ready", { source });
      if (listeners.has("ready")) {
        listeners.emit("ready", { source, revision: configuration.revision });
      }
    }
    this.#reviewWaits();
    this.#reportAge();
  }

  #reportAge(): void {
    const { diagnostics, listeners } = this.#options;
    const { ageMs, state } = this;
    const { source } = this.store;
    const isStale = state === "stale";
    // A listener may have set another configuration, or closed the client.
    if (source === null || state === "closed" || this.#isStaleReported === isStale) return;
    this.#isStaleReported = isStale;
    if (isStale && !this.#isUnconfirmed) diagnostics.warn("stale", { ageMs, source });
    if (isStale) listeners.emit("stale", { ageMs, source });
    else listeners.emit("fresh", { ageMs: ageMs ?? 0, source });
  }
}

/** Returns an age of at least 0. A source's clock may have been set back, or the age may be missing. */
function usableAge(ageMs: number): number {
  return Math.max(ageMs || 0, 0);
}

function messageAbout({ error, kind }: Failure): string {
  if (kind === "unauthorized") return "key rejected";
  const isUndecodable = kind === "transient" && error.code === "SORTITION_DECODE";
  return isUndecodable ? "configuration rejected" : "refresh failed";
}

function lastErrorOf({ last: { error }, lastAtMs }: Outage): StatusError {
  const { reason: message, code, ...status } = errorFacts(error);
  return { code, message, at: isoTime(lastAtMs), ...status };
}
