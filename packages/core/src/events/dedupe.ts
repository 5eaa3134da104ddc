/** How long an exposure is remembered. */
export interface DeduplicationPolicy {
  /** Entries kept; the least recently used one leaves first. 0 keeps nothing, `Infinity` everything. */
  readonly max: number;
  /** An entry that was not hit for so long is forgotten. Absent: never. */
  readonly ttlMs?: number;
}

interface Entry {
  readonly flagKey: string;
  readonly subjectKey: string;
  allocation: string | null;
  variation: string | null;
  expiresAtMs: number;
  /** Neighbours in the order of use; the list is a ring around `#ring`. */
  older: Entry;
  newer: Entry;
}

/**
 * Remembers, for each subject and flag, what was logged last. A different assignment replaces it, so
 * that A, B, A are three exposures.
 *
 * Entries are found by flag, then subject, and linked in the order of use: a hit builds no key and
 * allocates nothing.
 */
export class Deduplicator {
  readonly #byFlag = new Map<string, Map<string, Entry>>();
  readonly #ring: Entry = createRing();
  readonly #max: number;
  readonly #ttlMs: number;
  readonly #monotonicMs: () => number;
  #size = 0;

  constructor(policy: DeduplicationPolicy, monotonicMs: () => number) {
    this.#max = policy.max;
    this.#ttlMs = policy.ttlMs ?? Number.POSITIVE_INFINITY;
    this.#monotonicMs = monotonicMs;
  }

  /** Whether exactly this was logged last; that it was asked for renews the entry. */
  has(
    flagKey: string,
    subjectKey: string,
    allocation: string | null,
    variation: string | null,
  ): boolean {
    const entry = this.#byFlag.get(flagKey)?.get(subjectKey);
    if (entry === undefined) return false;
    if (this.#ttlMs !== Number.POSITIVE_INFINITY) {
      const nowMs = this.#monotonicMs();
      if (nowMs >= entry.expiresAtMs) {
        this.#remove(entry);
        return false;
      }
      entry.expiresAtMs = nowMs + this.#ttlMs;
    }
    this.#renew(entry);
    return entry.allocation === allocation && entry.variation === variation;
  }

  /** Notes that this was logged. */
  set(
    flagKey: string,
    subjectKey: string,
    allocation: string | null,
    variation: string | null,
  ): void {
    if (this.#max === 0) return;
    const expiresAtMs = this.#monotonicMs() + this.#ttlMs;
    let bySubject = this.#byFlag.get(flagKey);
    const known = bySubject?.get(subjectKey);
    if (known !== undefined) {
      known.allocation = allocation;
      known.variation = variation;
      known.expiresAtMs = expiresAtMs;
      this.#renew(known);
      return;
    }
    if (this.#size >= this.#max) this.#remove(this.#ring.newer);
    if (bySubject === undefined || bySubject.size === 0) {
      bySubject = new Map();
      this.#byFlag.set(flagKey, bySubject);
    }
    const ring = this.#ring;
    const entry: Entry = {
      flagKey,
      subjectKey,
      allocation,
      variation,
      expiresAtMs,
      older: ring.older,
      newer: ring,
    };
    ring.older.newer = entry;
    ring.older = entry;
    bySubject.set(subjectKey, entry);
    this.#size += 1;
  }

  /** Forgets that this was logged, unless something else was logged since. */
  delete(
    flagKey: string,
    subjectKey: string,
    allocation: string | null,
    variation: string | null,
  ): void {
    const entry = this.#byFlag.get(flagKey)?.get(subjectKey);
    if (entry?.allocation === allocation && entry.variation === variation) this.#remove(entry);
  }

  #renew(entry: Entry): void {
    const ring = this.#ring;
    if (ring.older === entry) return;
    entry.older.newer = entry.newer;
    entry.newer.older = entry.older;
    entry.older = ring.older;
    entry.newer = ring;
    ring.older.newer = entry;
    ring.older = entry;
  }

  #remove(entry: Entry): void {
    entry.older.newer = entry.newer;
    entry.newer.older = entry.older;
    const bySubject = this.#byFlag.get(entry.flagKey);
    bySubject?.delete(entry.subjectKey);
    if (bySubject?.size === 0) this.#byFlag.delete(entry.flagKey);
    this.#size -= 1;
  }
}

/** The ring's own entry: `newer` of it is the least, `older` of it the most recently used. */
function createRing(): Entry {
  const ring = {
    flagKey: "",
    subjectKey: "",
    allocation: null,
    variation: null,
    expiresAtMs: 0,
  } as Entry; // the two links follow
  ring.older = ring;
  ring.newer = ring;
  return ring;
}
