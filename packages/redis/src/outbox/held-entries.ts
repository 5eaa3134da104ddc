import type { Entry } from "./entry.js";
import type { OutboxStream } from "./stream.js";

/** Entries that are delivered alone before new ones are looked for. */
const ALONE_SIZE = 10;

/**
 * The entries that this consumer was given and has not finished: those that failed, and those that it
 * claimed from others. They are gone through from time to time, behind new ones.
 */
export class HeldEntries {
  readonly #stream: OutboxStream;
  #page: Entry[] = [];
  /** The last entry of the page; `null`: there is no further page. */
  #after: string | null = null;
  #isWantedAgain = false;

  constructor(stream: OutboxStream) {
    this.#stream = stream;
  }

  /** Whether some are left in this pass. */
  get hasMore(): boolean {
    return this.#page.length > 0 || this.#after !== null || this.#isWantedAgain;
  }

  /** Goes through all of them, once more if a pass has begun. */
  tryAgain(): void {
    this.#isWantedAgain = true;
  }

  /**
   * The next ones: all of a page that never failed, or a few that did. The former may be delivered together;
   * one of the latter may end the process, or be what the logger cannot take.
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
    // An entry that ends processes must not hold up the entries behind it.
    this.#page = [...entries].sort((a, b) => a.deliveries - b.deliveries);
  }
}
