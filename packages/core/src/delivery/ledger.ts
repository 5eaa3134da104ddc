/** How one event ended. `failed`: its receiver failed; `dropped`: any other loss. */
export type Ending = "delivered" | "failed" | "dropped";

/** Outcomes of the events that waited when a flush started. */
export interface FlushCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
}

/**
 * Counts events by outcome. `accepted = delivered + Σ dropped + waiting` holds by construction, because `waiting` is
 * computed, and nothing else in the repository adds these numbers up.
 */
export class Counts<Reason extends string> {
  accepted = 0;
  delivered = 0;
  /** Losses that the receiver caused. */
  failed = 0;
  /** All losses. */
  lost = 0;
  readonly #dropped: Record<Reason, number>;

  /** @param reasons - all reasons, in the order of the snapshots. */
  constructor(reasons: readonly Reason[]) {
    // One entry per reason, so the record has all keys.
    this.#dropped = Object.fromEntries(reasons.map((it) => [it, 0])) as Record<Reason, number>;
  }

  /** Number of accepted events that have not ended. */
  get waiting(): number {
    return this.accepted - this.delivered - this.lost;
  }

  /** A frozen copy of the losses by reason. */
  get dropped(): Readonly<Record<Reason, number>> {
    return Object.freeze({ ...this.#dropped });
  }

  /** Counts losses. */
  lose(reason: Reason, isFailure: boolean, count = 1): void {
    this.#dropped[reason] += count;
    this.lost += count;
    if (isFailure) this.failed += count;
  }
}

/**
 * Numbers the events of one lane, and tracks those of each running flush. Several ledgers may share their counts, such as
 * those of a logger and of the logger of the same name that it replaced.
 */
export class Ledger<Reason extends string> {
  readonly counts: Counts<Reason>;
  readonly #isFailure: (reason: Reason) => boolean;
  readonly #windows = new Set<Window>();
  #last = 0;
  #waiting = 0;

  /** @param isFailure - whether the receiver caused a loss. */
  constructor(counts: Counts<Reason>, isFailure: (reason: Reason) => boolean) {
    this.counts = counts;
    this.#isFailure = isFailure;
  }

  /** Number of the last event. */
  get last(): number {
    return this.#last;
  }

  /** Number of accepted events that have not ended. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether no flush is running. */
  get isCalm(): boolean {
    return this.#windows.size === 0;
  }

  /** Accepts an event, and returns its number, counted from 1. */
  accept(): number {
    this.counts.accepted += 1;
    this.#waiting += 1;
    this.#last += 1;
    return this.#last;
  }

  /** Notes that an event was delivered. Call it or {@link drop} once per accepted event. */
  deliver(number: number): void {
    this.counts.delivered += 1;
    this.#end(number, "delivered");
  }

  /** Notes that an event was lost. */
  drop(number: number, reason: Reason): void {
    const isFailure = this.#isFailure(reason);
    this.counts.lose(reason, isFailure);
    this.#end(number, isFailure ? "failed" : "dropped");
  }

  /** Counts an event that is lost at once. */
  refuse(reason: Reason): void {
    this.counts.accepted += 1;
    this.counts.lose(reason, this.#isFailure(reason));
  }

  /** Starts a flush of all events that wait. */
  open(): Window {
    const window = new Window(this.#last, this.#waiting, () => this.#windows.delete(window));
    this.#windows.add(window);
    return window;
  }

  #end(number: number, ending: Ending): void {
    this.#waiting -= 1;
    if (this.#windows.size === 0) return; // most events, because an iterator is slower than everything else here
    for (const window of this.#windows) window.note(number, ending);
  }
}

/** The events that waited when a flush started. */
class Window {
  /** Resolves when none waits any more. */
  readonly done: Promise<void>;
  /** Call it when the flush ends. The counts no longer change. */
  readonly close: () => void;
  /** Number of the last of them. */
  readonly upTo: number;
  readonly #counts: Record<Ending, number> = { delivered: 0, failed: 0, dropped: 0 };
  #pending: number;
  #resolve = (): void => {};

  constructor(upTo: number, pending: number, close: () => void) {
    this.upTo = upTo;
    this.close = close;
    this.#pending = pending;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (pending === 0) this.#resolve();
  }

  get counts(): FlushCounts {
    return { ...this.#counts, pending: this.#pending };
  }

  /** Ignores events that were accepted after this flush started. */
  note(number: number, ending: Ending): void {
    if (number > this.upTo) return;
    this.#counts[ending] += 1;
    this.#pending -= 1;
    if (this.#pending === 0) this.#resolve();
  }
}
