import type { Failure } from "../configuration/origin.js";
import { HttpStatusError } from "../errors/errors.js";
import type { Clock } from "../runtime/clock.js";
import type { ConfigurationStore } from "./configuration-store.js";
import type { ClientState, StatusError } from "./status.js";

/** The facts from which a client's state follows. */
export class Health {
  readonly #clock: Clock;
  readonly #store: ConfigurationStore;
  readonly #staleAfterMs: number | null;
  #successAtMs: number | null = null;
  #successWallMs: number | null = null;
  #failure: Failure | null = null;
  #failureWallMs = 0;
  #failingSinceMs = 0;
  #failures = 0;
  #nextAttemptAtMs: number | null = null;
  /** Codes reported since the last success. */
  readonly #reported = new Set<string>();
  /** Whether what is served is a copy from disk, of which the origin has said nothing yet. */
  isUnconfirmed = false;
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
      const isOld = this.staleInMs !== null && this.staleInMs <= 0;
      return this.isUnconfirmed || isOld ? "stale" : "ready";
    }
    const hasFailedFast = this.#failure !== null && this.#failure.kind !== "transient";
    return this.hasReadyWaitEnded || hasFailedFast ? "error" : "initializing";
  }

  /** Monotonic time since the last success; `null` before the first. */
  get ageMs(): number | null {
    return this.#successAtMs === null ? null : this.#clock.monotonicMs() - this.#successAtMs;
  }

  /** Time until the configuration counts as stale; `null`: it never will. */
  get staleInMs(): number | null {
    const { ageMs } = this;
    return this.#staleAfterMs === null || ageMs === null ? null : this.#staleAfterMs - ageMs;
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
    return inMs > 0 ? inMs : null; // it is under way
  }

  get lastSuccessAt(): string | null {
    return this.#successWallMs === null ? null : new Date(this.#successWallMs).toISOString();
  }

  get lastError(): StatusError | null {
    if (this.#failure === null) return null;
    const { error } = this.#failure;
    return Object.freeze({
      code: error.code,
      message: error.message,
      at: new Date(this.#failureWallMs).toISOString(),
      ...(error instanceof HttpStatusError ? { httpStatus: error.httpStatus } : {}),
    });
  }

  /** Notes a success; returns how long attempts had failed before it, `null` if they had not. */
  succeeded(): { readonly failures: number; readonly outageMs: number } | null {
    const nowMs = this.#clock.monotonicMs();
    const outage =
      this.#failures === 0
        ? null
        : { failures: this.#failures, outageMs: nowMs - this.#failingSinceMs };
    this.#successAtMs = nowMs;
    this.#successWallMs = this.#clock.now();
    this.#failures = 0;
    this.#failure = null;
    this.#nextAttemptAtMs = null;
    this.#reported.clear();
    this.isUnconfirmed = false;
    return outage;
  }

  /** Notes a failure; returns whether its cause is new since the last success. */
  failed(failure: Failure, nextInMs: number | null): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (this.#failures === 0) this.#failingSinceMs = nowMs;
    this.#failures += 1;
    this.#failure = failure;
    this.#failureWallMs = this.#clock.now();
    this.#nextAttemptAtMs = nextInMs === null ? null : nowMs + nextInMs;
    return this.isNewCause(causeOf(failure));
  }

  /** Notes when the next attempt comes. */
  scheduled(inMs: number): void {
    this.#nextAttemptAtMs = this.#clock.monotonicMs() + inMs;
  }

  /** Whether this cause was not yet reported since the last success; notes that it now is. */
  isNewCause(cause: string): boolean {
    if (this.#reported.has(cause)) return false;
    this.#reported.add(cause);
    return true;
  }
}

function causeOf({ error }: Failure): string {
  return error instanceof HttpStatusError ? `${error.code} ${error.httpStatus}` : error.code;
}
