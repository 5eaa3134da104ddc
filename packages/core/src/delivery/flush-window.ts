/** How one event ended. */
export type Ending = "delivered" | "failed" | "dropped";

/**
 * Outcomes of the events of one flush. Their sum is the number of events that had not ended when the flush
 * started.
 */
export interface FlushCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
}

/** The events of one flush, which are those up to a number. It lasts until all of them have ended. */
export interface FlushWindow {
  /** Resolves when nothing is pending. */
  readonly done: Promise<void>;
  /** Current counts. */
  readonly counts: FlushCounts;
}

/** Numbers events from 1, and tracks the events of each running flush. */
export class FlushWindows {
  readonly #windows = new Set<OpenWindow>();
  /** Number of the last accepted event. */
  #last = 0;
  /** Number of accepted events that have not ended. */
  #unsettled = 0;

  /** Whether no flush is running. */
  get areClosed(): boolean {
    return this.#windows.size === 0;
  }

  /** Number of the last accepted event. */
  get last(): number {
    return this.#last;
  }

  /** Number of accepted events that have not ended. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** Counts an event and returns its number. */
  accept(): number {
    this.#last += 1;
    this.#unsettled += 1;
    return this.#last;
  }

  /** Notes how the event with this number ended. */
  end(sequence: number, ending: Ending): void {
    this.#unsettled -= 1;
    for (const window of this.#windows) window.note(sequence, ending);
  }

  /** Starts a flush of all accepted events that have not ended. */
  open(): FlushWindow {
    const window = new OpenWindow(this.#last, this.#unsettled);
    this.#windows.add(window);
    return window;
  }

  /** Ends a flush, so that its counts no longer change. */
  close(window: FlushWindow): void {
    this.#windows.delete(window as OpenWindow); // only `open` creates them
  }
}

class OpenWindow implements FlushWindow {
  readonly done: Promise<void>;
  readonly #upTo: number;
  readonly #counts: Record<Ending, number> = { delivered: 0, failed: 0, dropped: 0 };
  #resolve = (): void => {};
  #pending: number;

  constructor(upTo: number, pending: number) {
    this.#upTo = upTo;
    this.#pending = pending;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (pending === 0) this.#resolve();
  }

  get counts(): FlushCounts {
    const { delivered, failed, dropped } = this.#counts;
    return { delivered, failed, dropped, pending: this.#pending };
  }

  /** Ignores events that were accepted after this flush started. */
  note(sequence: number, ending: Ending): void {
    if (sequence > this.#upTo) return;
    this.#counts[ending] += 1;
    this.#pending -= 1;
    if (this.#pending === 0) this.#resolve();
  }
}
