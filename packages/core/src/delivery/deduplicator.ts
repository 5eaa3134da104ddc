import type { Readings } from "../runtime/moment.js";
import type { DeduplicationStore, ExposureMemory, Reservation } from "./deduplication-store.js";
import { BASE_BYTES, stringBytes } from "./size-estimate.js";

/** Which exposures of a subject and a flag count as known: only the `last` one, or the whole `set`. */
export type DeduplicationRule = "last" | "set";

/** How many exposures are remembered, and for how long. */
export interface DeduplicationPolicy {
  /** Entries kept; the least recently used is removed first. 0 keeps none, `Infinity` has no limit. */
  readonly max: number;
  /** Estimated size of the entries kept; the least recently used is removed first. Default: 32 MiB, without limit if `max` is `Infinity`. */
  readonly maxBytes?: number;
  /** An entry is removed when it was not hit for this long. Default: never. */
  readonly ttlMs?: number;
  /**
   * `last` (default): a different choice replaces the former one, so A, B, A are logged three times.
   * `set`: each choice is remembered separately, so A, B, A are logged twice.
   */
  readonly rule?: DeduplicationRule;
}

const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;

/** Fields that a hit reads come first: with many entries, access to memory dominates its time. */
interface Entry {
  /** Neighbours in order of use; the list is a ring around `#ring`. */
  older: Entry;
  newer: Entry;
  choice: string | null;
  via: string | null;
  /** When the entry was logged or hit last, by the monotonic clock. Only kept for entries that expire. */
  usedAtMs: number;
  /** The same by the wall clock. */
  usedAtWallMs: number;
  /** Another choice of the same subject and flag; always `null` under the rule `last`. */
  sibling: Entry | null;
  readonly flagKey: string;
  readonly subjectKey: string;
  /** The exposure on its way, or the id of its message; `null` after a logger took it. */
  reservedBy: Reservation | string | null;
  sizeBytes: number;
}

/**
 * Remembers exposures in memory; the least recently used are removed first.
 *
 * Entries are found by flag, then subject, and linked in order of use: a hit builds no key and
 * allocates nothing.
 */
export class Deduplicator implements DeduplicationStore, ExposureMemory {
  readonly #byFlag = new Map<string, Map<string, Entry>>();
  readonly #ring: Entry = createRing();
  readonly #max: number;
  readonly #maxBytes: number;
  /** Whether entries are ever removed to make room; if not, their order is not kept. */
  readonly #isBounded: boolean;
  readonly #ttlMs: number;
  readonly #keepsAllChoices: boolean;
  readonly #clock: Readings;
  #size = 0;
  #sizeBytes = 0;

  /** @param clock - both of its readings count, as in `msSince`: an entry expires by the one that went on further. */
  constructor(policy: DeduplicationPolicy, clock: Readings) {
    const { max } = policy;
    const isUnlimited = max === Number.POSITIVE_INFINITY;
    const maxBytes = policy.maxBytes ?? (isUnlimited ? max : DEFAULT_MAX_BYTES);
    this.#max = max;
    this.#maxBytes = maxBytes;
    this.#isBounded = Math.min(max, maxBytes) !== Number.POSITIVE_INFINITY;
    this.#ttlMs = policy.ttlMs ?? Number.POSITIVE_INFINITY;
    this.#keepsAllChoices = policy.rule === "set";
    this.#clock = clock;
  }

  /** Whether this exposure is known. Asking for it renews the entry that was found. */
  has(flagKey: string, subjectKey: string, via: string | null, choice: string | null): boolean {
    const entry = this.#find(flagKey, subjectKey, via, choice);
    if (entry === null) return false;
    const ttlMs = this.#ttlMs;
    if (ttlMs !== Number.POSITIVE_INFINITY) {
      const nowMs = this.#clock.monotonicMs();
      const wallMs = this.#clock.now();
      if (nowMs - entry.usedAtMs >= ttlMs || wallMs - entry.usedAtWallMs >= ttlMs) {
        this.#remove(entry);
        return false;
      }
      entry.usedAtMs = nowMs;
      entry.usedAtWallMs = wallMs;
    }
    this.#renew(entry);
    return entry.choice === choice && entry.via === via;
  }

  reserve(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    by: Reservation | string,
  ): void {
    if (this.#max === 0) return;
    // The clocks are read only for entries that expire.
    const hasTtl = this.#ttlMs !== Number.POSITIVE_INFINITY;
    const usedAtMs = hasTtl ? this.#clock.monotonicMs() : 0;
    const usedAtWallMs = hasTtl ? this.#clock.now() : 0;
    const sizeBytes = estimateEntryBytes(subjectKey, via, choice);
    const known = this.#find(flagKey, subjectKey, via, choice);
    if (sizeBytes > this.#maxBytes) {
      if (known !== null) this.#remove(known);
      return;
    }
    if (known !== null) {
      known.via = via;
      known.choice = choice;
      known.reservedBy = by;
      known.usedAtMs = usedAtMs;
      known.usedAtWallMs = usedAtWallMs;
      this.#renew(known);
      this.#sizeBytes += sizeBytes - known.sizeBytes;
      known.sizeBytes = sizeBytes;
      this.#removeOldest();
      return;
    }
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
      usedAtMs,
      usedAtWallMs,
      sibling: bySubject.get(subjectKey) ?? null,
      flagKey,
      subjectKey,
      reservedBy: by,
      sizeBytes,
    };
    ring.older.newer = entry;
    ring.older = entry;
    bySubject.set(subjectKey, entry);
    this.#size += 1;
    this.#sizeBytes += sizeBytes;
    this.#removeOldest();
  }

  confirm(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    by: Reservation | string,
  ): void {
    const entry = this.#find(flagKey, subjectKey, via, choice);
    if (entry?.reservedBy === by) entry.reservedBy = null;
  }

  release(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    by: Reservation | string,
  ): void {
    const entry = this.#find(flagKey, subjectKey, via, choice);
    if (entry?.reservedBy === by) this.#remove(entry);
  }

  /** The entry of this choice; under the rule `last`, the only entry of the subject and flag. */
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
    if (!this.#isBounded) return;
    const ring = this.#ring;
    if (ring.older === entry) return;
    entry.older.newer = entry.newer;
    entry.newer.older = entry.older;
    entry.older = ring.older;
    entry.newer = ring;
    ring.older.newer = entry;
    ring.older = entry;
  }

  /** Removes the least recently used entries until the rest is within the bounds. */
  #removeOldest(): void {
    while (this.#size > this.#max || this.#sizeBytes > this.#maxBytes)
      this.#remove(this.#ring.newer);
  }

  #remove(entry: Entry): void {
    entry.older.newer = entry.newer;
    entry.newer.older = entry.older;
    this.#size -= 1;
    this.#sizeBytes -= entry.sizeBytes;
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

/** The keys and values that an entry keeps in memory. Flag keys are shared by their entries. */
function estimateEntryBytes(subjectKey: string, via: string | null, choice: string | null): number {
  return BASE_BYTES + stringBytes(subjectKey) + stringBytes(via) + stringBytes(choice);
}

/** The ring's own entry: its `newer` is the least recently used entry, its `older` the most recent. */
function createRing(): Entry {
  const ring = {
    older: null as unknown as Entry, // both links are set below
    newer: null as unknown as Entry,
    choice: null,
    via: null,
    usedAtMs: 0,
    usedAtWallMs: 0,
    sibling: null,
    flagKey: "",
    subjectKey: "",
    reservedBy: null,
    sizeBytes: 0,
  };
  ring.older = ring;
  ring.newer = ring;
  return ring;
}
