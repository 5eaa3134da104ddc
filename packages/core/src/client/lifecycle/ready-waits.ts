import { ClosedError, type SortitionError, TimeoutError } from "../../errors/errors.js";
import type { Clock } from "../../runtime/clock.js";
import type { AbortSignalLike } from "../../runtime/host.js";
import type { ConfigurationStore } from "./configuration-store.js";
import type { Health } from "./health.js";
import type { ClientState, StatusSource } from "./status.js";

/** Why a wait for the first configuration ended without one. */
export type NotReadyReason =
  | "timeout"
  | "unauthorized"
  | "rejected"
  | "rate-limited"
  | "no-source"
  | "aborted"
  | "closed";

/** Outcome of waiting for the first configuration. */
export type ReadyResult =
  | {
      readonly ready: true;
      readonly state: ClientState;
      readonly source: StatusSource;
      readonly revision: string;
      readonly elapsedMs: number;
    }
  | {
      readonly ready: false;
      readonly reason: NotReadyReason;
      readonly error: SortitionError | null;
      readonly elapsedMs: number;
    };

type Verdict = { readonly reason: NotReadyReason; readonly error: SortitionError | null };

interface Wait {
  readonly endsAtMs: number;
  settle(verdict: Verdict | null): void;
}

interface ReadyWaitsOptions {
  readonly clock: Clock;
  readonly health: Health;
  readonly store: ConfigurationStore;
  /** Returns false if no source delivers configurations automatically. */
  readonly canFetch: () => boolean;
}

/** Calls that wait for the first configuration, each with its own deadline. */
export class ReadyWaits {
  readonly #options: ReadyWaitsOptions;
  readonly #waits = new Set<Wait>();
  /** Whether a wait has ended without a configuration. */
  hasGivenUp = false;

  constructor(options: ReadyWaitsOptions) {
    this.#options = options;
  }

  wait(timeoutMs: number, signal: AbortSignalLike | undefined): Promise<ReadyResult> {
    const startedAtMs = this.#options.clock.monotonicMs();
    const verdict = this.#judge(startedAtMs + timeoutMs);
    if (verdict === undefined) return this.#waitFrom(startedAtMs, timeoutMs, signal);
    return Promise.resolve(this.#result(verdict, this.#options.clock.monotonicMs() - startedAtMs));
  }

  #waitFrom(
    startedAtMs: number,
    timeoutMs: number,
    signal: AbortSignalLike | undefined,
  ): Promise<ReadyResult> {
    return new Promise((resolve) => {
      const abort = (): void => wait.settle({ reason: "aborted", error: null });
      const expire = (): void => wait.settle(this.#verdictAtDeadline(timeoutMs));
      let cancel = (): void => {};
      const wait: Wait = {
        endsAtMs: startedAtMs + timeoutMs,
        settle: (verdict) => {
          if (!this.#waits.delete(wait)) return;
          cancel();
          signal?.removeEventListener("abort", abort);
          resolve(this.#result(verdict, this.#options.clock.monotonicMs() - startedAtMs));
        },
      };
      this.#waits.add(wait);
      if (signal?.aborted) abort();
      else if (timeoutMs === 0) expire();
      if (!this.#waits.has(wait)) return;
      signal?.addEventListener("abort", abort);
      cancel = this.#options.clock.setTimer(expire, timeoutMs, { holdsProcess: true });
    });
  }

  /** Re-evaluates every pending wait after a fact has changed. */
  review(): void {
    for (const wait of [...this.#waits]) {
      const verdict = this.#judge(wait.endsAtMs);
      if (verdict !== undefined) wait.settle(verdict);
    }
  }

  /** Returns how the wait ends. `null`: with a configuration; `undefined`: it has not ended. */
  #judge(endsAtMs: number): Verdict | null | undefined {
    if (this.#options.health.isClosed) return { reason: "closed", error: new ClosedError() };
    const { failure, isCopy, nextAttemptInMs } = this.#options.health;
    const canFetch = this.#options.canFetch();
    if (this.#options.store.configuration !== null) {
      // A stale copy is served meanwhile, but the first attempt may return a newer configuration.
      const isWorthWaiting = isCopy && canFetch && failure === null;
      return isWorthWaiting ? undefined : null;
    }
    if (!canFetch) return { reason: "no-source", error: null };
    if (failure === null) return undefined;
    const { kind, error, retryAfterMs } = failure;
    if (kind !== "transient") return { reason: kind, error };
    const nextAtMs = this.#options.clock.monotonicMs() + (nextAttemptInMs ?? 0);
    const isTooLate = retryAfterMs !== null && nextAtMs > endsAtMs;
    return isTooLate ? { reason: "rate-limited", error } : undefined;
  }

  #verdictAtDeadline(timeoutMs: number): Verdict | null {
    if (this.#options.store.configuration !== null) return null;
    const error = this.#options.health.failure?.error ?? new TimeoutError("ready", timeoutMs);
    return { reason: "timeout", error };
  }

  #result(verdict: Verdict | null, elapsedMs: number): ReadyResult {
    const { configuration, source } = this.#options.store;
    if (verdict === null && configuration !== null && source !== null) {
      return {
        ready: true,
        state: this.#options.health.state,
        source,
        // Computed on read, because it may require hashing megabytes.
        get revision() {
          return configuration.revision;
        },
        elapsedMs,
      };
    }
    this.hasGivenUp = true;
    return { ready: false, ...(verdict ?? { reason: "timeout", error: null }), elapsedMs };
  }
}
