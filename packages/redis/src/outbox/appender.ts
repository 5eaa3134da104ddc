import { randomBytes } from "node:crypto";
import type { StoredExposure } from "./entry.js";
import type { OutboxStream } from "./stream.js";

/**
 * Appends each exposure to the stream once. If the reply to a call was lost, its result is
 * requested before the next call.
 */
export class Appender {
  readonly #stream: OutboxStream;
  readonly #caller = randomBytes(12).toString("hex");
  readonly #stored = new WeakSet<StoredExposure>();
  #number = 0;
  /** Exposures of the last call, until its reply is received. */
  #unanswered: readonly StoredExposure[] | null = null;

  constructor(stream: OutboxStream) {
    this.#stream = stream;
  }

  /**
   * Appends exposures, and returns those that were stored. The others were not, because the stream
   * is full.
   */
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
