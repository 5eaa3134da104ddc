import type { DeduplicationStore } from "./deduplication-store.js";

/** Which exposures of a subject and a flag count as known: the `last` one, or the whole `set` of them. */
export type DeduplicationRule = "last" | "set";

/** What of the exposures is remembered, and for how long. */
export interface DeduplicationPolicy {
  /** Entries kept; the least recently used one leaves first. 0 keeps nothing, `Infinity` everything. */
  readonly max: number;
  /** An entry that was not hit for so long is forgotten. Absent: never. */
  readonly ttlMs?: number;
  /**
   * `last` (default): another choice replaces the one before, so that A, B, A are logged three times.
   * `set`: every choice is remembered by itself, so that A, B, A are logged twice.
   */
  readonly rule?: DeduplicationRule;
}

/** What a hit looks at comes first: with many entries, it is the memory that takes time. */
interface Entry {
  /** Neighbours in the order of use; the list is a ring around `#ring`. */
  older: Entry;
  newer: Entry;
  choice: string | null;
  via: string | null;
  expiresAtMs: number;
  /** Another choice of the same subject and flag; there is none under the rule `last`. */
  sibling: Entry | null;
  readonly flagKey: string;
  readonly subjectKey: string;
  /** Id of the message that is on its way; `null` once a logger has it. */
  reservedBy: string | null;
}

/**
 * Remembers exposures in memory, those that were used last.
 *
 * Entries are found by flag, then subject, and linked in the order of use: a hit builds no key and
 * allocates nothing.
 */
export class Deduplicator implements DeduplicationStore {
  readonly #byFlag = new Map<string, Map<string, Entry>>();
  readonly #ring: Entry = createRing();
  readonly #max: number;
  readonly #ttlMs: number;
  readonly #keepsAllChoices: boolean;
  readonly #monotonicMs: () => number;
  #size = 0;

  constructor(policy: DeduplicationPolicy, monotonicMs: () => number) {
    this.#max = policy.max;
    this.#ttlMs = policy.ttlMs ?? Number.POSITIVE_INFINITY;
    this.#keepsAllChoices = policy.rule === "set";
    this.#monotonicMs = monotonicMs;
  }

  /** Whether exactly this is known; that it was asked for renews the entry that was found. */
  has(flagKey: string, subjectKey: string, via: string | null, choice: string | null): boolean {
    const entry = this.#find(flagKey, subjectKey, via, choice);
    if (entry === null) return false;
    if (this.#ttlMs !== Number.POSITIVE_INFINITY) {
      const nowMs = this.#monotonicMs();
      if (nowMs >= entry.expiresAtMs) {
        this.#remove(entry);
        return false;
      }
      entry.expiresAtMs = nowMs + this.#ttlMs;
    }
    this.#renew(entry);
    return entry.choice === choice && entry.via === via;
  }

  reserve(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void {
    if (this.#max === 0) return;
    const expiresAtMs = this.#monotonicMs() + this.#ttlMs;
    const known = this.#find(flagKey, subjectKey, via, choice);
    if (known !== null) {
      known.via = via;
      known.choice = choice;
      known.reservedBy = messageId;
      known.expiresAtMs = expiresAtMs;
      this.#renew(known);
      return;
    }
    if (this.#size >= this.#max) this.#remove(this.#ring.newer);
    let bySubject = this.#byFlag.get(flagKey);
    if (bySubject === undefined) {
      bySubject = new Map();
      this.#byFlag.set(flagKey, bySubject);
    }
    const ring = this.#ring;
    const entry: Entry = {
      older: ring.older,
      newer: ring,
      choice,
      via,
      expiresAtMs,
      sibling: bySubject.get(subjectKey) ?? null,
      flagKey,
      subjectKey,
      reservedBy: messageId,
    };
    ring.older.newer = entry;
    ring.older = entry;
    bySubject.set(subjectKey, entry);
    this.#size += 1;
  }

  confirm(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void {
    const entry = this.#find(flagKey, subjectKey, via, choice);
    if (entry?.reservedBy === messageId) entry.reservedBy = null;
  }

  release(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void {
    const entry = this.#find(flagKey, subjectKey, via, choice);
    if (entry?.reservedBy === messageId) this.#remove(entry);
  }

  /** The entry of this choice or, under the rule `last`, of whichever was the last one. */
  #find(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
  ): Entry | null {
    let entry = this.#byFlag.get(flagKey)?.get(subjectKey) ?? null;
    if (!this.#keepsAllChoices) return entry;
    while (entry !== null && (entry.choice !== choice || entry.via !== via)) entry = entry.sibling;
    return entry;
  }

  #renew(entry: Entry): void {
    // Where none has to leave, their order does not matter.
    if (this.#max === Number.POSITIVE_INFINITY) return;
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
    this.#size -= 1;
    const bySubject = this.#byFlag.get(entry.flagKey);
    const first = bySubject?.get(entry.subjectKey);
    if (bySubject === undefined || first === undefined) return;
    if (first !== entry) {
      let before = first;
      while (before.sibling !== null && before.sibling !== entry) before = before.sibling;
      before.sibling = entry.sibling;
    } else if (entry.sibling !== null) {
      bySubject.set(entry.subjectKey, entry.sibling);
    } else {
      bySubject.delete(entry.subjectKey);
      if (bySubject.size === 0) this.#byFlag.delete(entry.flagKey);
    }
  }
}

/** The ring's own entry: `newer` of it is the least, `older` of it the most recently used. */
function createRing(): Entry {
  const ring = {
    older: null as unknown as Entry, // the two links follow
    newer: null as unknown as Entry,
    choice: null,
    via: null,
    expiresAtMs: 0,
    sibling: null,
    flagKey: "",
    subjectKey: "",
    reservedBy: null,
  };
  ring.older = ring;
  ring.newer = ring;
  return ring;
}
