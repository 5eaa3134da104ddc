/**
 * A flush that waits for queued exposures. It hands them over itself when slots become free: on hosts whose requests
 * own what they start, such as workerd, a promise ends with the request that made it, so it should be one that waits.
 */
export interface FlushTurn {
  /** Number of the last exposure that it waits for. */
  readonly upTo: number;
  /** When it has ended, or its request has ended without it; monotonic ms. */
  dueAtMs: number;
  /** Resolves at the next call of `wake`. Made by the request that waits, so that it goes on there. */
  next(): Promise<void>;
  wake(): void;
}

interface OpenTurn extends FlushTurn {
  readonly abandon: () => void;
}

/** The flushes of one queue, in the order in which they began. */
export class FlushTurns {
  readonly #turns: OpenTurn[] = [];

  /** @param abandon - called if the flush is given up. */
  open(upTo: number, abandon: () => void): FlushTurn {
    let wake = (): void => {};
    const turn: OpenTurn = {
      upTo,
      dueAtMs: Number.POSITIVE_INFINITY,
      abandon,
      wake: () => wake(),
      next: () =>
        new Promise((resolve) => {
          wake = resolve;
        }),
    };
    this.#turns.push(turn);
    return turn;
  }

  close(turn: FlushTurn): void {
    const at = this.#turns.indexOf(turn as OpenTurn); // only `open` makes them
    if (at >= 0) this.#turns.splice(at, 1);
  }

  /** Gives up the flushes whose requests have ended. */
  endOverdue(nowMs: number): void {
    for (const turn of [...this.#turns]) {
      if (turn.dueAtMs > nowMs) continue;
      this.close(turn);
      turn.abandon();
    }
  }

  /**
   * Wakes a flush that waits for this exposure: the newest, since that waits for the most, and its request is the
   * least likely to have ended. Returns false if there is none.
   */
  wake(sequence: number): boolean {
    const newest = this.#turns.at(-1);
    if (newest === undefined || newest.upTo < sequence) return false;
    newest.wake();
    return true;
  }
}
