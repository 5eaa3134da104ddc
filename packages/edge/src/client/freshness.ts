import type { Configuration } from "@sortition/core";
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
  type Random,
  type SortitionError,
  transientFailure,
  within,
} from "@sortition/core/internal";
import type { Copies } from "../cache/copies.js";
import type { Copy } from "../cache/entry.js";
import type { RequestWork } from "../exposures/request-work.js";

/** The isolate's client, as far as it is needed to serve a configuration. */
export interface Served {
  getConfiguration(): Configuration | null;
  setConfiguration(configuration: Configuration): void;
}

export interface FreshnessParts {
  readonly dialect: Dialect;
  readonly origin: ConfigurationOrigin;
  readonly copies: Copies | null;
  readonly served: Served;
  readonly maxAgeMs: number;
  readonly readyTimeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly diagnostics: Diagnostics;
}

/** Counters of the checks of an isolate. */
export interface CheckCounters {
  readonly started: number;
  /** The vendor had no usable answer. */
  readonly failed: number;
}

/** Spread of `maxAgeMs` over isolates, which else would check in the same moment. */
const SPREAD = 0.2;
/** The longest time for which a request waits for the check of another one, whose request may have ended. */
const JOIN_MS = 500;
const JOIN_STEP_MS = 10;
/** Where the cache may be behind, the share of checks that ask the vendor about what is only a little too old. */
const ASK_SHARE = 1 / 16;
/** The longest pause that a server can ask for. */
const MAX_RETRY_AFTER_MS = 600_000;
/** Used if the origin has no deadline of its own. */
const ATTEMPT_MS = 5_000;

/** How far the clocks of two isolates may differ without a copy being treated as one from the future. */
const MAX_SKEW_MS = 1_000;

/** One check on its way. */
interface Check {
  readonly startedAt: Moment;
}

/** How payloads were confirmed: by a request of this isolate, or by another isolate that left a copy in the cache. */
type Confirmation =
  | { readonly kind: "request"; readonly number: number; readonly at: Moment }
  /** `at` is `null` if the copy is from the future, so that its age is unknown. */
  | { readonly kind: "copy"; readonly at: Moment | null };

/**
 * Keeps the configuration of an isolate fresh, without a timer that outlives a request: requests check, and each check
 * counts as under way for a limited time only, since its request may have ended.
 */
export class Freshness {
  readonly #parts: FreshnessParts;
  /** What is served, with its newest etags. */
  #payloads: PayloadSet | null = null;
  /** How that was confirmed: an earlier confirmation never replaces it. */
  #confirmation: Confirmation | null = null;
  /** Requests to the vendor so far: they are ordered by their numbers, whatever the clocks do. */
  #requests = 0;
  /** The latest request whose response was served. */
  #servedRequest = 0;
  /** What is served is fresh for `maxAgeMs` from here; `null`: it is not fresh. */
  #freshSince: Moment | null = null;
  /** The server asked to be left alone for a time. */
  #pause: { readonly since: Moment; readonly forMs: number } | null = null;
  #spread: number | null = null;
  #check: Check | null = null;
  #started = 0;
  #failed = 0;
  #lastError: SortitionError | null = null;

  constructor(parts: FreshnessParts) {
    this.#parts = parts;
  }

  /** Ms since the vendor was asked; `null` if that is unknown, or without a configuration. */
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

  /** Why there is nothing to serve, for messages. */
  get emptyReason(): string {
    const why =
      this.#lastError === null
        ? this.#check === null
          ? "the last attempt brought none"
          : "the first attempt is still under way"
        : `the last attempt failed: ${this.#lastError.message}`;
    return `no configuration yet; ${why}`;
  }

  get counters(): CheckCounters {
    return Object.freeze({ started: this.#started, failed: this.#failed });
  }

  /** Looks if what is served is too old. Waits only while there is nothing to serve. Never rejects. */
  async serve(work: RequestWork): Promise<void> {
    if (this.isEmpty) await this.#first(work);
    else if (!this.isFresh && this.#underWayForMs() >= this.#parts.readyTimeoutMs) {
      work.keep(this.#start());
    }
  }

  async #first(work: RequestWork): Promise<void> {
    const { clock, readyTimeoutMs } = this.#parts;
    const endsAtMs = this.#nowMs + readyTimeoutMs;
    // By timers of this request: a promise of another one may never settle.
    while (this.isEmpty && this.#underWayForMs() < Math.min(JOIN_MS, endsAtMs - this.#nowMs)) {
      await new Promise<void>((resolve) => {
        clock.setTimer(resolve, JOIN_STEP_MS, { holdsProcess: true });
      });
    }
    if (!this.isEmpty) return;
    const limit = { clock, timeoutMs: endsAtMs - this.#nowMs, holdsProcess: true };
    await within(limit, () => new Promise<void>((resolve) => work.keep(this.#start(resolve))));
  }

  /** Ms since the last check that is under way began; infinite without one. */
  #underWayForMs(): number {
    return this.#check === null ? Number.POSITIVE_INFINITY : this.#since(this.#check.startedAt);
  }

  /** @param onServed - called when there is something to serve, or the check has ended. */
  async #start(onServed: () => void = () => {}): Promise<void> {
    const check: Check = { startedAt: momentAgo(this.#parts.clock) };
    this.#check = check;
    this.#started += 1;
    try {
      await this.#lookNow(onServed);
    } catch (error) {
      // An origin or a dialect of the caller that throws where it must not.
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
   * Decides whether this check is over, although its copy is too old: another isolate may have confirmed it, which this
   * location reads later. If so, what is served counts as fresh for once more `maxAgeMs`.
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
    if (payloads === null) return this.#fail(null); // "unchanged" without anything held
    const failure = result.kind === "payloads" ? (result.failure ?? null) : null;
    if (!(await this.#adopt(payloads, { kind: "request", number, at }))) return;
    onServed();
    if (failure !== null) {
      // Better than nothing, but not complete: the next request checks again.
      this.#freshSince = null;
      return this.#fail(failure);
    }
    this.#lastError = null;
    const warnings = (result.kind === "payloads" ? result.warnings : null) ?? [];
    for (const { error, part } of warnings) {
      diagnostics.warn("part not refreshed", { part, code: error.code, reason: error.message });
    }
    await copies?.write({ payloads, confirmedAtMs: at.wallMs });
  }

  /**
   * Serves payloads, unless they were confirmed earlier than what is served.
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
    // Another check may have ended meanwhile.
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

  /** Wall time orders copies alone: requests of this isolate are ordered by their numbers. */
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

  /** @param failure - `null`: the origin broke its contract, or gave no answer in time. */
  #fail(failure: Failure | null): void {
    const { clock, diagnostics } = this.#parts;
    this.#failed += 1;
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

  /** Drawn with the first request: at module scope a Worker has no chance. */
  get #maxAgeMs(): number {
    this.#spread ??= 1 - SPREAD + 2 * SPREAD * draw(this.#parts.random);
    return this.#parts.maxAgeMs * this.#spread;
  }
}
