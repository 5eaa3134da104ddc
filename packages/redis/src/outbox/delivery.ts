import type { Clock } from "@sortition/core/source";
import type { InnerLogger } from "../inner-logger.js";
import { withTimeLimit } from "../time-limit.js";
import type { Entry } from "./entry.js";

/** Different entries that fail in a row before the logger is taken to be down. */
const FAILURES_OF_A_LOGGER = 2;

/** What became of a batch. */
export interface Delivered {
  readonly accepted: readonly Entry[];
  /** Not accepted, or not tried. */
  readonly left: readonly Entry[];
}

/**
 * Delivers entries to a logger, and tells entries that the logger cannot take from a logger that is down:
 * if different entries fail one after the other and none succeeds, it is the logger.
 */
export class Delivery {
  readonly #inner: InnerLogger;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /** Entries that failed since the last one that was accepted. */
  readonly #failed = new Set<string>();
  lastError: unknown = null;

  /** @param timeoutMs - of one batch. */
  constructor(inner: InnerLogger, clock: Clock, timeoutMs: number) {
    this.#inner = inner;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Whether the logger is down. */
  get isDown(): boolean {
    return this.#failed.size >= FAILURES_OF_A_LOGGER;
  }

  /**
   * Delivers entries: those that nobody was given before together, the others one by one, since one of
   * them may be what ended a process. Stops when the logger is down.
   *
   * @param mayContinue - asked before each further attempt.
   */
  async deliver(entries: readonly Entry[], mayContinue: () => boolean): Promise<Delivered> {
    const accepted = new Set<Entry>();
    const fresh = entries.filter(({ deliveries }) => deliveries <= 1);
    for (const entry of fresh.length > 1 ? await this.#tryAll(fresh) : []) accepted.add(entry);
    const isSplit = accepted.size === 0;
    for (const entry of entries) {
      if (this.isDown || !mayContinue()) break;
      // What the logger refused beside others that it took is not repeated at once.
      if (accepted.has(entry) || (!isSplit && entry.deliveries <= 1)) continue;
      if (await this.try(entry)) accepted.add(entry);
    }
    return {
      accepted: [...accepted],
      left: entries.filter((entry) => !accepted.has(entry)),
    };
  }

  /** Delivers one entry. */
  async try(entry: Entry): Promise<boolean> {
    const accepted = await this.#tryAll([entry]);
    if (accepted.length === 0) this.#failed.add(entry.entryId);
    return accepted.length > 0;
  }

  /** Returns the entries that the logger accepted; a logger that buffers accepts all or none. */
  async #tryAll(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const limit = { clock: this.#clock, timeoutMs: this.#timeoutMs, holdsProcess: false };
    const startedAtMs = this.#clock.monotonicMs();
    const calls = entries.map((entry) => withTimeLimit(limit, () => this.#log(entry)));
    const outcomes = await Promise.all(calls);
    let accepted = entries.filter((_, i) => outcomes[i]?.kind === "done");
    const failure = outcomes.find(({ kind }) => kind !== "done");
    if (failure !== undefined) this.lastError = failure.kind === "failed" ? failure.error : LATE;
    if (this.#inner.buffers) {
      const remainingMs = startedAtMs + this.#timeoutMs - this.#clock.monotonicMs();
      const isFlushed = failure === undefined && (await this.#inner.flush(remainingMs));
      if (failure === undefined && !isFlushed) this.lastError = LATE;
      if (!isFlushed) accepted = [];
    }
    if (accepted.length > 0) this.#failed.clear();
    return accepted;
  }

  #log({ logged }: Entry): unknown {
    if (logged === null) throw new Error("the entry is not an exposure");
    return this.#inner.log(logged);
  }
}

const LATE = new Error("the logger did not deliver");
