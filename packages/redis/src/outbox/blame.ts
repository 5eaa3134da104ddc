/** Number of different entries that must fail in a row before the logger is suspected to be down. */
const FAILURES_OF_A_LOGGER = 2;
/** Number of entries that must fail before the logger is considered down without trying the remaining ones. */
const LOOK_AHEAD = 2_000;
/** Above this number, all rejected entries are forgotten and tried again. */
const MAX_REFUSED = 10_000;

/**
 * Decides whether failed deliveries are caused by the entries or by a logger that is down. If the logger accepts other
 * entries in the meantime, the failed entry is the cause. If different entries fail and none is accepted, the logger
 * is suspected.
 */
export class Blame {
  /** Entries that have failed since the logger last accepted one. */
  readonly #inVain = new Set<string>();
  /** Entries that fail because of their content. */
  readonly #refused = new Set<string>();
  /** Deliveries counted since the logger last accepted an entry. */
  #counted: string[] = [];
  #hangs = false;
  #hasNewFailed = false;
  #isDown = false;

  /** Whether the logger is considered down: it has accepted nothing since it was reported by `down`. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** Whether the logger may be down. */
  get isOnLogger(): boolean {
    return this.#inVain.size >= FAILURES_OF_A_LOGGER;
  }

  /** Whether to stop trying other entries, because the logger hangs or many entries have failed. */
  get isCertain(): boolean {
    return this.isOnLogger && (this.#hangs || this.#inVain.size >= LOOK_AHEAD);
  }

  /** Whether new entries have failed as well since the logger last accepted one. */
  get hasNewFailed(): boolean {
    return this.#hasNewFailed;
  }

  /** Whether a failure of this entry says nothing about the logger. */
  isRefused(entryId: string): boolean {
    return this.#refused.has(entryId);
  }

  /** Marks entries that failed while the logger accepted others, in this consumer or another. */
  refused(entryIds: readonly string[]): void {
    if (this.#refused.size > MAX_REFUSED) this.#refused.clear();
    for (const entryId of entryIds) this.#refused.add(entryId);
  }

  /** Records that Redis counted one delivery of each entry. */
  counted(entryIds: readonly string[]): void {
    this.#counted.push(...entryIds);
  }

  /** @param hangs - whether the logger timed out. */
  failed(entryIds: readonly string[], hangs: boolean): void {
    for (const entryId of entryIds) this.#inVain.add(entryId);
    if (entryIds.length > 0 && hangs) this.#hangs = true;
  }

  /** The logger accepted no entry of a batch of new ones. */
  newFailed(): void {
    this.#hasNewFailed = true;
  }

  /**
   * Records that the logger accepted an entry. Entries that failed before are marked as rejected, unless the logger was
   * down and new entries failed as well.
   *
   * @returns whether entries failed before, which should now be tried again.
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

  /** Records that the logger is down. */
  down(): void {
    this.#isDown = true;
  }

  /** Deliveries to subtract from the counts in Redis if the logger is down. An entry occurs once per delivery. */
  get toForgive(): readonly string[] {
    return this.#counted;
  }

  /** Records that these deliveries were subtracted. */
  forgiven(): void {
    this.#counted = [];
  }

  /** Forgets entries that were delivered, rejected, or taken over by another consumer. */
  forget(entryIds: readonly string[]): void {
    for (const entryId of entryIds) {
      this.#refused.delete(entryId);
      this.#inVain.delete(entryId);
    }
  }
}
