/** Different entries that fail in a row before the logger may be down. */
const FAILURES_OF_A_LOGGER = 2;
/** Entries that are tried in vain before the logger is taken to be down although there are more. */
const LOOK_AHEAD = 2_000;
/** Beyond it all are forgotten, and judged again. */
const MAX_REFUSED = 10_000;

/**
 * Tells entries that the logger cannot take from a logger that is down. What fails while the logger takes
 * others, or before and after it took another, is to blame itself. If different entries fail and none is
 * taken, it may be the logger.
 */
export class Blame {
  /** Entries that failed since the logger last took one. */
  readonly #inVain = new Set<string>();
  /** Entries that are to blame themselves. */
  readonly #refused = new Set<string>();
  /** Deliveries that were counted since the logger last took an entry. */
  #counted: string[] = [];
  #hangs = false;
  #hasNewFailed = false;
  #isDown = false;

  /** Whether the logger was taken to be down, and has taken nothing since. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** Whether the logger may be down. */
  get isOnLogger(): boolean {
    return this.#inVain.size >= FAILURES_OF_A_LOGGER;
  }

  /** Whether trying others is useless: the logger hangs, or so many have failed. */
  get isCertain(): boolean {
    return this.isOnLogger && (this.#hangs || this.#inVain.size >= LOOK_AHEAD);
  }

  /** Whether new entries have failed, too, since the logger last took one. */
  get hasNewFailed(): boolean {
    return this.#hasNewFailed;
  }

  /** Whether a failure of this entry says nothing about the logger. */
  isRefused(entryId: string): boolean {
    return this.#refused.has(entryId);
  }

  /** These are to blame themselves: they failed while the logger took others, here or at another consumer. */
  refused(entryIds: readonly string[]): void {
    if (this.#refused.size > MAX_REFUSED) this.#refused.clear();
    for (const entryId of entryIds) this.#refused.add(entryId);
  }

  /** A delivery of each entry was counted. */
  counted(entryIds: readonly string[]): void {
    this.#counted.push(...entryIds);
  }

  /** @param hangs - the logger did not answer in time. */
  failed(entryIds: readonly string[], hangs: boolean): void {
    for (const entryId of entryIds) this.#inVain.add(entryId);
    if (entryIds.length > 0 && hangs) this.#hangs = true;
  }

  /** The logger accepted no entry of a batch of new ones. */
  newFailed(): void {
    this.#hasNewFailed = true;
  }

  /**
   * The logger took an entry. What failed meanwhile is to blame itself, unless the logger was down, which new
   * entries have shown, too.
   *
   * @returns whether others had failed: they should be tried again.
   */
  succeeded(): boolean {
    const hasFailed = this.#inVain.size > 0;
    if (!this.#isDown || !this.#hasNewFailed) this.refused([...this.#inVain]);
    this.#inVain.clear();
    this.#counted = [];
    this.#hangs = false;
    this.#hasNewFailed = false;
    this.#isDown = false;
    return hasFailed;
  }

  /** The logger is taken to be down. */
  down(): void {
    this.#isDown = true;
  }

  /** Deliveries that are to be taken back if the logger is down, an entry once for each. */
  get toForgive(): readonly string[] {
    return this.#counted;
  }

  /** They were taken back. */
  forgiven(): void {
    this.#counted = [];
  }

  /** What is known of these entries is of no use any more. */
  forget(entryIds: readonly string[]): void {
    for (const entryId of entryIds) {
      this.#refused.delete(entryId);
      this.#inVain.delete(entryId);
    }
  }
}
