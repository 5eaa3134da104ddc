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
  type PayloadSet,
  type Random,
  type SortitionError,
  transientFailure,
  within,
} from "@sortition/core/kit";
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

/** Counters of the looks of an isolate. */
export interface LookCounters {
  readonly started: number;
  /** The vendor had no usable answer. */
  readonly failed: number;
}

/** Spread of `maxAgeMs` over isolates, which else would look in the same moment. */
const SPREAD = 0.2;
/** The longest time for which a request waits for the look of another one, whose request may have ended. */
const JOIN_MS = 500;
const JOIN_STEP_MS = 10;
/** Where the cache may be behind, the share of looks that ask the vendor about what is only a little too old. */
const ASK_SHARE = 1 / 16;
/** The longest pause that a server can ask for. */
const MAX_RETRY_AFTER_MS = 600_000;
/** Used if the origin has no deadline of its own. */
const ATTEMPT_MS = 5_000;

/** One look on its way. */
interface Look {
  readonly startedAtMs: number;
}

/**
 * Keeps the configuration of an isolate fresh, without a timer that outlives a request: requests look, and each look
 * counts as under way for a limited time only, since its request may have ended.
 */
export class Freshness {
  readonly #parts: FreshnessParts;
  /** What is served, with its newest etags. */
  #payloads: PayloadSet | null = null;
  /** When the vendor was asked for it, epoch ms: what was asked for earlier never replaces it. */
  #confirmedAtMs = Number.NEGATIVE_INFINITY;
  /** The same by the monotonic clock, which ages go by. */
  #confirmedAtMonotonicMs = 0;
  /** By the monotonic clock. */
  #freshUntilMs = Number.NEGATIVE_INFINITY;
  /** By the monotonic clock: the server asked to be left alone until then. */
  #askFromMs = Number.NEGATIVE_INFINITY;
  #spread: number | null = null;
  #look: Look | null = null;
  #started = 0;
  #failed = 0;
  #lastError: SortitionError | null = null;

  constructor(parts: FreshnessParts) {
    this.#parts = parts;
  }

  /** Ms since the vendor was asked; `null` without a configuration. */
  get ageMs(): number | null {
    if (this.#payloads === null) return null;
    return Math.max(0, Math.round(this.#nowMs - this.#confirmedAtMonotonicMs));
  }

  get isFresh(): boolean {
    return this.#nowMs < this.#freshUntilMs;
  }

  get lastError(): SortitionError | null {
    return this.#lastError;
  }

  get counters(): LookCounters {
    return Object.freeze({ started: this.#started, failed: this.#failed });
  }

  /** Looks if what is served is too old. Waits only while there is nothing to serve. Never rejects. */
  async serve(work: RequestWork): Promise<void> {
    if (this.#hasNothing) await this.#first(work);
    else if (!this.isFresh && this.#underWayForMs() >= this.#parts.readyTimeoutMs) {
      work.keep(this.#start());
    }
  }

  async #first(work: RequestWork): Promise<void> {
    const { clock, readyTimeoutMs } = this.#parts;
    const endsAtMs = this.#nowMs + readyTimeoutMs;
    // By timers of this request: a promise of another one may never settle.
    while (this.#hasNothing && this.#underWayForMs() < Math.min(JOIN_MS, endsAtMs - this.#nowMs)) {
      await new Promise<void>((resolve) => {
        clock.setTimer(resolve, JOIN_STEP_MS, { holdsProcess: true });
      });
    }
    if (!this.#hasNothing) return;
    const limit = { clock, timeoutMs: endsAtMs - this.#nowMs, holdsProcess: true };
    await within(limit, () => new Promise<void>((resolve) => work.keep(this.#start(resolve))));
  }

  /** Ms since the last look that is under way began; infinite without one. */
  #underWayForMs(): number {
    return this.#look === null ? Number.POSITIVE_INFINITY : this.#nowMs - this.#look.startedAtMs;
  }

  /** @param onServed - called when there is something to serve, or the look has ended. */
  async #start(onServed: () => void = () => {}): Promise<void> {
    const look: Look = { startedAtMs: this.#nowMs };
    this.#look = look;
    this.#started += 1;
    try {
      await this.#lookNow(onServed);
    } catch (error) {
      // An origin or a dialect of the caller that throws where it must not.
      this.#parts.diagnostics.error("the look for a configuration failed", { error });
    } finally {
      if (this.#look === look) this.#look = null;
      onServed();
    }
  }

  async #lookNow(onServed: () => void): Promise<void> {
    const { copies } = this.#parts;
    if (copies !== null) {
      const copy = await copies.read();
      if (copy !== null) await this.#adoptCopy(copy);
      if (!this.#hasNothing) onServed();
      if (this.isFresh || (copy !== null && this.#leavesItToOthers(copies.lagMs))) return;
    }
    if (this.#nowMs >= this.#askFromMs) await this.#ask(onServed);
  }

  async #adoptCopy({ confirmedAtMs, payloads }: Copy): Promise<void> {
    const nowMs = this.#parts.clock.now();
    // The clock of the isolate that wrote it may be ahead.
    const atMs = Math.min(nowMs, confirmedAtMs);
    await this.#adopt(payloads, atMs, nowMs - atMs);
  }

  /**
   * Decides whether this look is over, although its copy is too old: another isolate may have confirmed it, which this
   * location reads later. If so, what is served counts as fresh for once more `maxAgeMs`.
   */
  #leavesItToOthers(lagMs: number): boolean {
    const { random } = this.#parts;
    const excessMs = (this.ageMs ?? Number.POSITIVE_INFINITY) - this.#maxAgeMs;
    if (excessMs > lagMs || draw(random) < ASK_SHARE || lagMs === 0) return false;
    this.#freshUntilMs = this.#nowMs + this.#maxAgeMs;
    return true;
  }

  async #ask(onServed: () => void): Promise<void> {
    const { clock, copies, diagnostics, origin } = this.#parts;
    const current = this.#payloads;
    const askedAtMs = clock.now();
    const askedAtMonotonicMs = this.#nowMs;
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
    const ageMs = this.#nowMs - askedAtMonotonicMs;
    if (!(await this.#adopt(payloads, askedAtMs, ageMs))) return;
    onServed();
    if (failure !== null) {
      // Better than nothing, but not complete: the next request looks again.
      this.#freshUntilMs = Number.NEGATIVE_INFINITY;
      return this.#fail(failure);
    }
    this.#lastError = null;
    const warnings = (result.kind === "payloads" ? result.warnings : null) ?? [];
    for (const { error, part } of warnings) {
      diagnostics.warn("part not refreshed", { part, code: error.code, error });
    }
    await copies?.write({ payloads, confirmedAtMs: askedAtMs });
  }

  /**
   * Serves payloads, unless they were asked for earlier than what is served.
   *
   * @param ageMs - since the vendor was asked.
   * @returns whether they are served now.
   */
  async #adopt(payloads: PayloadSet, confirmedAtMs: number, ageMs: number): Promise<boolean> {
    const { clock, copies, dialect, served } = this.#parts;
    if (this.#isOlder(confirmedAtMs)) {
      copies?.noteFault("older");
      return false;
    }
    const startedAtMs = this.#nowMs;
    const former = served.getConfiguration();
    const loaded = await loadConfiguration(dialect, payloads, former, hostDigest, clock);
    if (loaded.outcome === "rejected") {
      this.#fail(transientFailure(loaded.error));
      return false;
    }
    // Another look may have ended meanwhile.
    if (this.#isOlder(confirmedAtMs)) return false;
    if (loaded.outcome === "unchanged" && served.getConfiguration() !== former) {
      return this.#adopt(payloads, confirmedAtMs, ageMs + this.#nowMs - startedAtMs);
    }
    if (loaded.outcome === "changed") served.setConfiguration(loaded.configuration);
    this.#payloads = payloads;
    this.#confirmedAtMs = confirmedAtMs;
    this.#confirmedAtMonotonicMs = startedAtMs - ageMs;
    this.#freshUntilMs = this.#confirmedAtMonotonicMs + this.#maxAgeMs;
    return true;
  }

  #isOlder(confirmedAtMs: number): boolean {
    return confirmedAtMs < this.#confirmedAtMs;
  }

  /** @param failure - `null`: the origin broke its contract, or gave no answer in time. */
  #fail(failure: Failure | null): void {
    const { clock, diagnostics } = this.#parts;
    this.#failed += 1;
    if (failure === null) return;
    const { error, kind, retryAfterMs } = failure;
    this.#lastError = error;
    if (retryAfterMs !== null) {
      this.#askFromMs = clock.monotonicMs() + Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
    }
    const facts = { code: error.code, error };
    if (kind === "transient") diagnostics.warn("configuration not refreshed", facts);
    else diagnostics.error("configuration not refreshed", facts);
  }

  get #hasNothing(): boolean {
    return this.#payloads === null;
  }

  get #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  /** Drawn with the first request: at module scope a Worker has no chance. */
  get #maxAgeMs(): number {
    this.#spread ??= 1 - SPREAD + 2 * SPREAD * draw(this.#parts.random);
    return this.#parts.maxAgeMs * this.#spread;
  }
}
