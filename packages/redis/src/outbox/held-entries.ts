import type { Entry } from "./entry.js";
import type { OutboxStream } from "./stream.js";

/** Maximum number of entries that are delivered alone before new ones are read. */
const ALONE_SIZE = 10;

/**
 * Entries that this consumer has received and not finished: those that failed, and those claimed
 * from other consumers. The consumer goes through them from time to time, after new entries.
 */
export class HeldEntries {
  readonly #stream: OutboxStream;
  #page: Entry[] = [];
  /** Last entry of the current page. `null`: there is no further page. */
  #after: string | null = null;
  #isWantedAgain = false;

  constructor(stream: OutboxStream) {
    this.#stream = stream;
  }

  /** Whether this pass has entries left. */
  get hasMore(): boolean {
    return this.#page.length > 0 || this.#after !== null || this.#isWantedAgain;
  }

  /** Starts a pass over all entries, or another one if a pass has begun. */
  tryAgain(): void {
    this.#isWantedAgain = true;
  }

  /**
   * Returns the next entries: either all of a page that never failed, or a few that did. Entries
   * that never failed may be delivered together. An entry that failed may end the process, or the
   * logger may be unable to accept it.
   */
  async next(): Promise<readonly Entry[]> {
    if (this.#page.length === 0) await this.#turn();
    const together = this.#page.findLastIndex(({ deliveries }) => deliveries === 0) + 1;
    return this.#page.splice(0, together > 0 ? together : ALONE_SIZE);
  }

  async #turn(): Promise<void> {
    if (this.#after === null) {
      if (!this.#isWantedAgain) return;
      this.#isWantedAgain = false;
    }
    const { entries, isLast } = await this.#stream.held(this.#after);
    this.#after = isLast ? null : (entries.at(-1)?.entryId ?? null);
    // An entry that ends processes must not delay the entries after it.
    this.#page = [...entries].sort((a, b) => a.deliveries - b.deliveries);
  }
}
