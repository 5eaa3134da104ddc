import { randomBytes } from "node:crypto";
import type { StoredExposure } from "./entry.js";
import type { OutboxStream } from "./stream.js";

/**
 * Appends exposures to the stream, each once: what a call whose answer was lost has done is found out
 * before the next one.
 */
export class Appender {
  readonly #stream: OutboxStream;
  readonly #caller = randomBytes(12).toString("hex");
  readonly #stored = new WeakSet<StoredExposure>();
  #number = 0;
  /** Exposures of the last call, while its answer is missing. */
  #unanswered: readonly StoredExposure[] | null = null;

  constructor(stream: OutboxStream) {
    this.#stream = stream;
  }

  /** Returns the exposures that were stored. If the stream is full, the others were not. */
  async append(exposures: readonly StoredExposure[]): Promise<ReadonlySet<StoredExposure>> {
    // Repeats the unanswered call without its exposures. This returns its result, or prevents it from running later.
    if (this.#unanswered !== null) this.#answered(await this.#call([]), this.#unanswered);
    const given = exposures.filter((exposure) => !this.#stored.has(exposure));
    if (given.length > 0) {
      this.#number += 1;
      this.#unanswered = given;
      this.#answered(await this.#call(given), given);
    }
    return new Set(exposures.filter((exposure) => this.#stored.has(exposure)));
  }

  #call(exposures: readonly StoredExposure[]): Promise<number> {
    return this.#stream.append({ caller: this.#caller, number: this.#number }, exposures);
  }

  #answered(count: number, given: readonly StoredExposure[]): void {
    for (const exposure of given.slice(0, count)) this.#stored.add(exposure);
    this.#unanswered = null;
  }
}
