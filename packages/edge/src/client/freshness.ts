import type { Client } from "@sortition/core";
import {
  type Clock,
  type ConfigurationOrigin,
  type Diagnostics,
  type Dialect,
  draw,
  type Failure,
  hostDigest,
  loadConfiguration,
  type Moment,
  momentAgo,
  msSince,
  type PayloadSet,
  pause,
  type Random,
  type SortitionError,
  transientFailure,
  within,
} from "@sortition/core/internal";
import type { Copies } from "../cache/copies.js";
import type { Copy } from "../cache/entry.js";
import type { RequestWork } from "../exposures/request-work.js";

export interface FreshnessParts {
  readonly dialect: Dialect;
  readonly origin: ConfigurationOrigin;
  readonly copies: Copies | null;
  /** The isolate's client. */
  readonly served: Pick<Client, "getConfiguration" | "setConfiguration">;
  readonly maxAgeMs: number;
  readonly initializationTimeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly diagnostics: Diagnostics;
}

/** Counters of an isolate's checks. */
export interface CheckCounters {
  readonly started: number;
  /** The vendor returned no usable response. */
  readonly failed: number;
}

/** Jitter of `maxAgeMs`, so that isolates do not all check at once. */
const SPREAD = 0.2;
/** Maximum time that a request waits for another request's check. That request may have ended. */
const JOIN_MS = 500;
const JOIN_STEP_MS = 10;
/** Pause after a failed check, so that a vendor that is down does not get a request with each visit. */
const PAUSE_MS = 1_000;
/** If the cache lags, the share of checks that revalidate a slightly stale copy with the vendor. */
const ASK_SHARE = 1 / 16;
/** The longest pause that a server can request. */
const MAX_RETRY_AFTER_MS = 600_000;
/** Deadline of an attempt if the origin does not set one. */
const ATTEMPT_MS = 5_000;

/** Clock difference between two isolates up to which a copy is not treated as being from the future. */
const MAX_SKEW_MS = 1_000;

/** How payloads were confirmed: by a request of this isolate, or by another isolate that stored a copy in the cache. */
type Confirmation =
  | { readonly kind: "request"; readonly number: number; readonly at: Moment }
  /** `at` is `null` if the copy is from the future and its age is therefore unknown. */
  | { readonly kind: "copy"; readonly at: Moment | null };

/**
 * Keeps an isolate's configuration fresh without timers that outlive a request. Requests run the checks. A check is only
 * treated as running for a limited time, because its request may have ended.
 */
export class Freshness {
  readonly #parts: FreshnessParts;
  /** The served payloads with their latest ETags. */
  #payloads: PayloadSet | null = null;
  /** How they were confirmed. An earlier confirmation never replaces a later one. */
  #confirmation: Confirmation | null = null;
  /** Number of requests to the vendor. Requests are ordered by number, because clocks may jump. */
  #requests = 0;
  /** Number of the latest request whose response was served. */
  #servedRequest = 0;
  /** The served configuration is fresh for `maxAgeMs` from this time. `null`: it is stale. */
  #freshSince: Moment | null = null;
  /** The pause that the server requested. */
  #pause: { readonly since: Moment; readonly forMs: number } | null = null;
  /** When the last check failed. `null` if it did not. */
  #failedAt: Moment | null = null;
  #spread: number | null = null;
  /** When the check in progress started. */
  #check: Moment | null = null;
  #started = 0;
  #failed = 0;
  #lastError: SortitionError | null = null;

  constructor(parts: FreshnessParts) {
    this.#parts = parts;
  }

  /** Ms since the last request to the vendor. `null` if that is unknown or there is no configuration. */
  get ageMs(): number | null {
    const at = this.#confirmation?.at ?? null;
    return at === null ? null : Math.max(0, Math.round(this.#since(at)));
  }

  get isEmpty(): boolean {
    return this.#payloads === null;
  }

  get isFresh(): boolean {
    return this.#freshSince !== null && this.#since(this.#freshSince) < this.#maxAgeMs;
  }

  get lastError(): SortitionError | null {
    return this.#lastError;
  }

  /** Why there is no configuration, for messages. */
  get emptyReason(): string {
    const why =
      this.#lastError === null
        ? this.#check === null
          ? "the last attempt received none"
          : "the first attempt is still under way"
        : `the last attempt failed: ${this.#lastError.message}`;
    return `no configuration yet; ${why}`;
  }

  get counters(): CheckCounters {
    return Object.freeze({ started: this.#started, failed: this.#failed });
  }

  /** Checks whether the configuration is too old. Only waits if there is none. Never rejects. */
  async serve(work: RequestWork): Promise<void> {
    if (this.isEmpty) await this.#first(work);
    else if (
      !this.isFresh &&
      !this.#hasJustFailed &&
      this.#underWayForMs() >= this.#parts.initializationTimeoutMs
    ) {
      work.keep(this.#start());
    }
  }

  async #first(work: RequestWork): Promise<void> {
    const { clock, initializationTimeoutMs } = this.#parts;
    const endsAtMs = this.#nowMs + initializationTimeoutMs;
    // Uses this request's own timers, because another request's promise may never settle.
    while (this.isEmpty && this.#underWayForMs() < Math.min(JOIN_MS, endsAtMs - this.#nowMs)) {
      await pause(clock, JOIN_STEP_MS, { holdsProcess: true });
    }
    if (!this.isEmpty || this.#hasJustFailed) return;
    const limit = { clock, timeoutMs: endsAtMs - this.#nowMs, holdsProcess: true };
    await within(limit, () => new Promise<void>((resolve) => work.keep(this.#start(resolve))));
  }

  get #hasJustFailed(): boolean {
    return this.#failedAt !== null && this.#since(this.#failedAt) < PAUSE_MS;
  }

  /** Ms since the running check started, or infinity without one. */
  #underWayForMs(): number {
    return this.#check === null ? Number.POSITIVE_INFINITY : this.#since(this.#check);
  }

  /** @param onServed - called when there is a configuration to serve or the check has ended. */
  async #start(onServed: () => void = () => {}): Promise<void> {
    const check = momentAgo(this.#parts.clock);
    this.#check = check;
    this.#started += 1;
    try {
      await this.#lookNow(onServed);
    } catch (error) {
      // The caller's origin or dialect threw although it must not.
      this.#failedAt = momentAgo(this.#parts.clock);
      this.#parts.diagnostics.error("the check for a newer configuration failed", { error });
    } finally {
      if (this.#check === check) this.#check = null;
      onServed();
    }
  }

  async #lookNow(onServed: () => void): Promise<void> {
    const { copies } = this.#parts;
    if (copies !== null) {
      const copy = await copies.read();
      if (copy !== null) await this.#adoptCopy(copy);
      if (!this.isEmpty) onServed();
      if (this.isFresh || (copy !== null && this.#leavesItToOthers(copies.lagMs))) return;
    }
    if (!this.#isPaused) await this.#ask(onServed);
  }

  async #adoptCopy({ confirmedAtMs, payloads }: Copy): Promise<void> {
    const { clock, copies } = this.#parts;
    const ageMs = clock.now() - confirmedAtMs;
    const isFromFuture = ageMs < -MAX_SKEW_MS;
    if (isFromFuture) {
      copies?.noteFault("future");
      if (!this.isEmpty) return;
    }
    const at = isFromFuture ? null : momentAgo(clock, Math.max(0, ageMs));
    await this.#adopt(payloads, { kind: "copy", at });
  }

  /**
   * Decides whether to skip the request although the copy is too old. Another isolate may have confirmed it already, but
   * this location reads that later. If so, the served configuration is treated as fresh for another `maxAgeMs`.
   */
  #leavesItToOthers(lagMs: number): boolean {
    const { random } = this.#parts;
    const excessMs = (this.ageMs ?? Number.POSITIVE_INFINITY) - this.#maxAgeMs;
    if (excessMs > lagMs || draw(random) < ASK_SHARE || lagMs === 0) return false;
    this.#freshSince = momentAgo(this.#parts.clock);
    return true;
  }

  async #ask(onServed: () => void): Promise<void> {
    const { clock, copies, diagnostics, origin } = this.#parts;
    const current = this.#payloads;
    this.#requests += 1;
    const number = this.#requests;
    const at = momentAgo(clock);
    const timeoutMs = origin.requestTimeoutMs ?? ATTEMPT_MS;
    const attempt = await within({ clock, timeoutMs, holdsProcess: false }, (signal) =>
      origin.fetchOnce(current, { signal }),
    );
    if (attempt.kind !== "done") return this.#fail(null);
    const result = attempt.value;
    if (result.kind === "failed") return this.#fail(result.failure);
    const payloads = result.kind === "payloads" ? result.payloads : current;
    if (payloads === null) return this.#fail(null); // "unchanged", although there is nothing to keep
    const failure = result.kind === "payloads" ? (result.failure ?? null) : null;
    if (!(await this.#adopt(payloads, { kind: "request", number, at }))) return;
    onServed();
    if (failure !== null) {
      // The configuration is incomplete, so a request checks again after the pause.
      this.#freshSince = null;
      return this.#fail(failure);
    }
    this.#lastError = null;
    this.#failedAt = null;
    const warnings = (result.kind === "payloads" ? result.warnings : null) ?? [];
    for (const { error, part } of warnings) {
      diagnostics.warn("part not refreshed", { part, code: error.code, reason: error.message });
    }
    await copies?.write({ payloads, confirmedAtMs: at.wallMs });
  }

  /**
   * Serves payloads, unless the served ones were confirmed later.
   *
   * @returns whether they are served now.
   */
  async #adopt(payloads: PayloadSet, confirmation: Confirmation): Promise<boolean> {
    const { clock, copies, dialect, served } = this.#parts;
    if (this.#isOlder(confirmation)) {
      copies?.noteFault("older");
      return false;
    }
    const former = served.getConfiguration();
    const loaded = await loadConfiguration(dialect, payloads, former, hostDigest, clock);
    if (loaded.outcome === "rejected") {
      this.#fail(transientFailure(loaded.error));
      return false;
    }
    // Another check may have ended in the meantime.
    if (this.#isOlder(confirmation)) return false;
    if (loaded.outcome === "unchanged" && served.getConfiguration() !== former) {
      return this.#adopt(payloads, confirmation);
    }
    if (loaded.outcome === "changed") served.setConfiguration(loaded.configuration);
    this.#payloads = payloads;
    this.#confirmation = confirmation;
    this.#freshSince = confirmation.at;
    if (confirmation.kind === "request") this.#servedRequest = confirmation.number;
    return true;
  }

  /** Orders copies by wall time, and this isolate's requests by number. */
  #isOlder(confirmation: Confirmation): boolean {
    const served = this.#confirmation;
    if (served === null) return false;
    if (confirmation.kind === "request") {
      if (confirmation.number < this.#servedRequest) return true;
      if (served.kind === "request") return false;
    }
    const { at } = confirmation;
    if (at === null) return true;
    return served.at !== null && this.#since(at) > this.#since(served.at);
  }

  get #isPaused(): boolean {
    const pause = this.#pause;
    return pause !== null && this.#since(pause.since) < pause.forMs;
  }

  /** @param failure - `null`: the origin broke its contract or did not respond in time. */
  #fail(failure: Failure | null): void {
    const { clock, diagnostics } = this.#parts;
    this.#failed += 1;
    this.#failedAt = momentAgo(clock);
    if (failure === null) return;
    const { error, kind, retryAfterMs } = failure;
    this.#lastError = error;
    if (retryAfterMs !== null) {
      this.#pause = {
        since: momentAgo(clock),
        forMs: Math.min(retryAfterMs, MAX_RETRY_AFTER_MS),
      };
    }
    const facts = { code: error.code, reason: error.message };
    if (kind === "transient") diagnostics.warn("configuration not refreshed", facts);
    else diagnostics.error("configuration not refreshed", facts);
  }

  get #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  #since(moment: Moment): number {
    return msSince(moment, this.#parts.clock);
  }

  /** Drawn on the first request, because Workers have no random numbers at module scope. */
  get #maxAgeMs(): number {
    this.#spread ??= 1 - SPREAD + 2 * SPREAD * draw(this.#parts.random);
    return this.#parts.maxAgeMs * this.#spread;
  }
}
