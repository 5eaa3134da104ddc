/**
 * A flush that waits for queued exposures. It hands them over itself when slots become free. On hosts such as workerd, a
 * promise ends with the request that created it, so a request that still waits should create it.
 */
export interface FlushTurn {
  /** Number of the last exposure that it waits for. */
  readonly upTo: number;
  /** Monotonic ms after which the flush, or the request that created it, has ended. */
  dueAtMs: number;
  /** Resolves at the next call of `wake`. Created by the waiting request, so that it continues there. */
  next(): Promise<void>;
  wake(): void;
}

interface OpenTurn extends FlushTurn {
  readonly abandon: () => void;
}

/** The flushes of one queue, in the order in which they started. */
export class FlushTurns {
  readonly #turns: OpenTurn[] = [];

  /** @param abandon - called if the flush is abandoned. */
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
    const at = this.#turns.indexOf(turn as OpenTurn); // `open` creates all turns
    if (at >= 0) this.#turns.splice(at, 1);
  }

  /** Abandons the flushes whose requests have ended. */
  endOverdue(nowMs: number): void {
    for (const turn of [...this.#turns]) {
      if (turn.dueAtMs > nowMs) continue;
      this.close(turn);
      turn.abandon();
    }
  }

  /**
   * Wakes the newest flush that waits for this exposure, because it waits for the most exposures and its request is the
   * least likely to have ended. Returns false if there is none.
   */
  wake(sequence: number): boolean {
    const newest = this.#turns.at(-1);
    if (newest === undefined || newest.upTo < sequence) return false;
    newest.wake();
    return true;
  }
}
