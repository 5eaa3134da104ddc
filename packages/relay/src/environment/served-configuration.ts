import type { Clock, Configuration } from "@sortition/node";
import { type AnswerSet, answersOf } from "./answers.js";

/** The configuration that an environment serves, and the answers created from it. */
export class ServedConfiguration {
  readonly #clock: Clock;
  readonly #listeners = new Set<(answers: AnswerSet) => void>();
  #answers: AnswerSet | null = null;
  #configuration: Configuration | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `null` before the first configuration. */
  get answers(): AnswerSet | null {
    return this.#answers;
  }

  /** `null` before the first one. */
  get configuration(): Configuration | null {
    return this.#configuration;
  }

  /** Serves another configuration from now on. */
  replace(configuration: Configuration): void {
    const answers = answersOf(configuration, this.#answers);
    this.#answers = answers;
    this.#configuration = configuration;
    for (const listener of this.#listeners) listener(answers);
  }

  /** Calls a listener synchronously after each change. The returned function removes it. */
  onChange(listener: (answers: AnswerSet) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits up to `timeoutMs` until this revision is served. */
  waitForRevision(revision: string, timeoutMs: number): Promise<void> {
    if (this.#answers?.revision === revision) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        stopListening();
        cancelTimer();
        resolve();
      };
      const stopListening = this.onChange((answers) => {
        if (answers.revision === revision) end();
      });
      const cancelTimer = this.#clock.setTimer(end, timeoutMs, { holdsProcess: false });
    });
  }
}
