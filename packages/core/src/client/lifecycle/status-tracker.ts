import type { Failure } from "../../configuration/origin.js";
import { httpStatusOf, type SortitionError, TimeoutError } from "../../errors/errors.js";
import type { Clock } from "../../runtime/clock.js";
import { type Diagnostics, reportOutage } from "../../runtime/diagnostics.js";
import type { AbortSignalLike } from "../../runtime/host.js";
import type { ConfigurationStore } from "./configuration-store.js";
import type { Health } from "./health.js";
import type { Listeners } from "./listeners.js";
import { type ReadyResult, ReadyWaits } from "./ready-waits.js";

const READY_HINT = "the first attempt is still under way: is the address of the server right?";

export interface StatusTrackerOptions {
  readonly store: ConfigurationStore;
  readonly health: Health;
  readonly initializationTimeoutMs: number;
  readonly listeners: Listeners;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/**
 * Keeps the facts of {@link Health} up to date, and reports the resulting state (ready, stale, fresh, error) to
 * listeners, diagnostics and waiting calls.
 *
 * A fact is noted before a configuration is swapped in and reported afterwards, so that listeners to the swap already
 * see the new state.
 */
export class StatusTracker {
  readonly #options: StatusTrackerOptions;
  readonly #health: Health;
  /** Created for the first wait. A client with an initial configuration has none. */
  #waits: ReadyWaits | null = null;
  #canFetch = false;
  #lateHint: () => string | undefined = () => undefined;
  #isPaused = false;
  #wasStale = false;
  /** Whether a failure since the last success was reported and not suppressed by the rate limit. */
  #isOutageReported = false;
  #hasBeenReady = false;
  #readyEndsAtMs = 0;
  #cancelReadyTimer: (() => void) | null = null;
  #cancelStaleTimer: (() => void) | null = null;

  constructor(options: StatusTrackerOptions) {
    this.#options = options;
    this.#health = options.health;
  }

  /** Whether a source delivers configurations automatically. */
  get canFetch(): boolean {
    return this.#canFetch;
  }

  /** Whether a wait for the first configuration has ended without one. */
  get hasWaited(): boolean {
    return this.#health.hasReadyWaitEnded || this.#waits?.hasGivenUp === true;
  }

  waitForReady(timeoutMs: number, signal: AbortSignalLike | undefined): Promise<ReadyResult> {
    this.#waits ??= new ReadyWaits({ ...this.#options, canFetch: () => this.#canFetch });
    return this.#waits.wait(timeoutMs, signal);
  }

  /** Notes that a source will deliver configurations. The first one is late after `initializationTimeoutMs`. */
  expectConfigurations(lateHint: () => string | undefined): void {
    const { clock, initializationTimeoutMs, store } = this.#options;
    this.#canFetch = true;
    this.#lateHint = lateHint;
    if (store.configuration !== null) return;
    this.#readyEndsAtMs = clock.monotonicMs() + initializationTimeoutMs;
    this.#cancelReadyTimer = clock.setTimer(() => this.#endReadyWait(), initializationTimeoutMs, {
      holdsProcess: false,
    });
  }

  /** Notes that the source no longer delivers automatically. */
  expectNothing(): void {
    this.#canFetch = false;
    this.#cancelReadyTimer?.();
    this.#waits?.review();
  }

  /** Pauses or resumes. A configuration that becomes stale during a pause is not reported. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (!this.#health.isClosed) this.#armStaleTimer();
  }

  /** Ends all timers and waits. */
  close(): void {
    this.#health.isClosed = true;
    this.#cancelReadyTimer?.();
    this.#cancelStaleTimer?.();
    this.#waits?.review();
  }

  /**
   * Notes that the origin confirmed a configuration `ageMs` ago, serves it with `swap`, and reports the changes.
   * Without `swap`, it is already in use.
   */
  succeed(ageMs: number, swap?: () => void): void {
    const health = this.#health;
    const { diagnostics, listeners, store } = this.#options;
    const outage = health.succeeded(ageMs);
    if (outage !== null && this.#isOutageReported) diagnostics.warn("refresh recovered", outage);
    this.#isOutageReported = false;
    this.#armStaleTimer();
    swap?.();
    const wasStale = this.#wasStale;
    this.#wasStale = health.state === "stale";
    this.#reportReady();
    const { source } = store;
    // A listener may have set another configuration, or closed the client.
    if (source === null || health.isClosed || this.#wasStale === wasStale) return;
    if (wasStale) listeners.emit("fresh", { ageMs: health.wholeAgeMs ?? 0, source });
    else this.#reportStale();
  }

  /** Serves a copy from disk with `swap`, and reports the changes. The origin has not confirmed it yet. */
  serveCopy(ageMs: number | null, swap: () => void): void {
    const health = this.#health;
    health.copied(ageMs);
    this.#cancelStaleTimer?.();
    swap();
    this.#reportReady();
    // A listener may have set another configuration, or closed the client.
    if (health.state !== "stale") return;
    this.#wasStale = true;
    this.#options.listeners.emit("stale", { ageMs: health.wholeAgeMs, source: "disk" });
  }

  /** Notes and reports a failed attempt. The next one starts in `nextInMs`, or on request (`null`). */
  fail(failure: Failure, nextInMs: number | null): void {
    if (this.#health.isClosed) return;
    const { error, kind } = failure;
    const { diagnostics } = this.#options;
    const isNew = this.#health.failed(failure, nextInMs);
    const facts = {
      ...factsOf(error),
      failures: this.#health.failures,
      nextAttemptInMs: nextInMs,
    };
    // Only reported once, because a refused key or path is probed for as long as the process lives.
    const isProbed = kind !== "transient";
    if (isNew || !isProbed) {
      const level = isProbed ? "error" : "warn";
      const isReported = reportOutage(diagnostics, level, messageAbout(failure), facts);
      this.#isOutageReported ||= isReported;
    }
    if (isNew) this.#emitError(error);
    if (this.#isTooLate(failure, nextInMs)) this.#endReadyWait();
    this.#waits?.review();
  }

  /** Reports the first configuration, and settles waiting calls. */
  #reportReady(): void {
    const { diagnostics, listeners, store } = this.#options;
    const { configuration, source } = store;
    if (configuration === null || source === null) return;
    if (this.#health.isClosed) return; // a listener may have closed it
    if (!this.#hasBeenReady) {
      this.#hasBeenReady = true;
      this.#cancelReadyTimer?.();
      diagnostics.info("ready", { source });
      if (listeners.has("ready")) {
        listeners.emit("ready", { source, revision: configuration.revision });
      }
    }
    this.#waits?.review();
  }

  #armStaleTimer(): void {
    this.#cancelStaleTimer?.();
    const { staleInMs } = this.#health;
    // A configuration that is stale from the start is reported with its success.
    if (this.#isPaused || staleInMs === null || staleInMs <= 0) return;
    this.#cancelStaleTimer = this.#options.clock.setTimer(() => this.#becomeStale(), staleInMs, {
      holdsProcess: false,
    });
  }

  #becomeStale(): void {
    // A timer may fire early, because of rounding or its maximum delay.
    if ((this.#health.staleInMs ?? 0) > 0) {
      this.#armStaleTimer();
      return;
    }
    this.#wasStale = true;
    this.#reportStale();
  }

  #reportStale(): void {
    const { diagnostics, listeners, store } = this.#options;
    const event = { ageMs: this.#health.wholeAgeMs ?? 0, source: store.source ?? "network" };
    diagnostics.warn("stale", event);
    listeners.emit("stale", event);
  }

  #endReadyWait(): void {
    const health = this.#health;
    this.#cancelReadyTimer?.();
    health.hasReadyWaitEnded = true;
    const isKnown = health.failure !== null && health.failure.kind !== "transient";
    if (isKnown) return;
    const error =
      health.failure?.error ??
      new TimeoutError(
        "ready",
        this.#options.initializationTimeoutMs,
        this.#lateHint() ?? READY_HINT,
      );
    this.#options.diagnostics.error("not ready", factsOf(error));
    if (health.isNewCause("not ready")) this.#emitError(error);
  }

  /** Whether the server requested a pause that outlasts the wait for the first configuration. */
  #isTooLate({ retryAfterMs }: Failure, nextInMs: number | null): boolean {
    const { clock, store } = this.#options;
    const isWaiting = store.configuration === null && !this.#health.hasReadyWaitEnded;
    if (!isWaiting || retryAfterMs === null) return false;
    return clock.monotonicMs() + (nextInMs ?? 0) > this.#readyEndsAtMs;
  }

  #emitError(error: SortitionError): void {
    const { state, wholeNextAttemptInMs: nextAttemptInMs } = this.#health;
    this.#options.listeners.emit("error", { error, state, nextAttemptInMs });
  }
}

function messageAbout({ error, kind }: Failure): string {
  if (kind === "unauthorized") return "key rejected";
  const isUndecodable = kind === "transient" && error.code === "SORTITION_DECODE";
  return isUndecodable ? "configuration rejected" : "refresh failed";
}

function factsOf(error: SortitionError): Record<string, unknown> & { readonly reason: string } {
  const httpStatus = httpStatusOf(error);
  return {
    code: error.code,
    reason: error.message,
    ...(httpStatus === null ? {} : { httpStatus }),
  };
}
