import type { Random } from "../runtime/random.js";

const FIRST_MS = 1_000;
const MAX_MS = 60_000;

/** Pauses between attempts: 1, 2, 4 … 60 seconds, plus up to 50% jitter. */
export class Backoff {
  readonly #random: Random;
  #nextMs = FIRST_MS;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Returns the next pause. */
  nextMs(): number {
    const pauseMs = this.#nextMs * (1 + this.#random() / 2);
    this.#nextMs = Math.min(MAX_MS, this.#nextMs * 2);
    return pauseMs;
  }

  /** Restarts with the first pause. */
  reset(): void {
    this.#nextMs = FIRST_MS;
  }
}
