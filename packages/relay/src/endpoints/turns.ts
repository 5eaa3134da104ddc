import type { Clock } from "@sortition/core";

/** How long evaluations may block the event loop at a time. */
const SLICE_MS = 10;
/** Time that one request may spend on evaluating. */
const WORK_MS = 1_000;
/** Time after which a request that waits for others is given up. */
const TOTAL_MS = 5_000;

/** Message of a 503 response. */
export const TOO_LONG = "the evaluation took too long";

/** The turns of one request. */
export interface Turns {
  /**
   * Waits for another turn if this one took too long, so that the relay answers other requests.
   *
   * @returns whether the request may go on. `false`: it has used up its time.
   */
  next(): Promise<boolean>;
}

/** Gives one request after the other a short turn to evaluate flags. */
export class EvaluationTurns {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Begins the first turn of a request. Call `next` before each evaluation. */
  begin(): Turns {
    const clock = this.#clock;
    const startedAtMs = clock.monotonicMs();
    let turnAtMs: number | null = this.#waiting.length === 0 ? startedAtMs : null;
    let workMs = 0;
    return {
      next: async () => {
        const spentMs = turnAtMs === null ? 0 : clock.monotonicMs() - turnAtMs;
        if (workMs + spentMs > WORK_MS) return false;
        if (turnAtMs !== null && spentMs < SLICE_MS) return true;
        workMs += spentMs;
        await this.#turn();
        turnAtMs = clock.monotonicMs();
        return turnAtMs - startedAtMs <= TOTAL_MS;
      },
    };
  }

  /** Resolves in a pass of the event loop in which no other request has a turn. */
  #turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(this.#admit);
    });
  }

  readonly #admit = (): void => {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#admit);
  };
}
