import type { Clock } from "@sortition/core";
import { RequestProblem } from "./request-problem.js";

/** How long a request waits for an earlier one. Usually all evaluations of that time take less. */
const WAIT_MS = 5_000;

const BUSY =
  "other requests are evaluating flags of this environment, and one of them takes a long time. Try again in a few seconds";

/**
 * Lets one request evaluate flags at a time. A single evaluation may take seconds, because of a regular expression, so without
 * a limit a few of them would delay all others by their sum.
 */
export class EvaluationTurns {
  readonly #clock: Pick<Clock, "setTimer">;
  #isTaken = false;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Pick<Clock, "setTimer">) {
    this.#clock = clock;
  }

  /** Runs a task when it is its turn. Rejects with a RequestProblem if it would have to wait too long. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#isTaken) await this.#turn();
    this.#isTaken = true;
    try {
      return await task();
    } finally {
      this.#isTaken = false;
      const [next] = this.#waiting;
      next?.();
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        this.#waiting.delete(begin);
        cancel();
        this.#isTaken = true;
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.delete(begin);
        reject(new RequestProblem(429, BUSY));
      };
      const cancel = this.#clock.setTimer(giveUp, WAIT_MS, { holdsProcess: false });
      this.#waiting.add(begin);
    });
  }
}
