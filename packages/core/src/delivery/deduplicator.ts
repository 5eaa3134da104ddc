import type { Readings } from "../runtime/moment.js";
import type { DeduplicationStore, ExposureMemory, Reservation } from "./deduplication-store.js";
import { BASE_BYTES, stringBytes } from "./size-estimate.js";

/** Which exposures of a subject and a flag are remembered: only the `last` one, or the whole `set`. */
export type DeduplicationRule = "last" | "set";

/** How many exposures are remembered, and for how long. */
export interface DeduplicationPolicy {
  /** Maximum number of entries. The least recently used is removed first. 0: none; `Infinity`: no limit. */
  readonly max: number;
  /** Maximum estimated size of all entries. Default: 32 MiB, or no limit if `max` is `Infinity`. */
  readonly maxBytes?: number | undefined;
  /** Time without a hit after which an entry is removed. Default: never. */
  readonly ttlMs?: number | undefined;
  /**
   * `last` (default): a different choice replaces the previous one, so A, B, A are logged three times.
   * `set`: each choice is remembered separately, so A, B, A are logged twice.
   */
  readonly rule?: DeduplicationRule | undefined;
}

const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;

/** Fields that a hit reads come first, because memory access dominates its time if there are many entries. */
interface Entry {
  /** Neighbours in order of use. The list is a ring that starts and ends at `#ring`. */
  older: Entry;
  newer: Entry;
  choice: string | null;
  via: string | null;
  /** Monotonic time when the entry was last logged or hit. Only set for entries that expire. */
  usedAtMs: number;
  /** The same time by the wall clock. */
  usedAtWallMs: number;
  /** Another choice of the same subject and flag. Always `null` with the rule `last`. */
  sibling: Entry | null;
  readonly flagKey: string;
  readonly subjectKey: string;
  /** The exposure being logged, or its message ID. `null` when it is confirmed. */
  reservedBy: Reservation | string | null;
  sizeBytes: number;
}

/**
 * Remembers exposures in memory. The least recently used are removed first.
 *
 * Entries are looked up by flag, then subject, and linked in order of use, so a hit builds no key and
 * allocates nothing.
 */
export class Deduplicator implements DeduplicationStore, ExposureMemory {
  readonly #byFlag = new Map<string, Map<string, Entry>>();
  readonly #ring: Entry = createRing();
  readonly #max: number;
  #maxBytes: number;
  /** Whether entries can be removed to make room. If not, their order is not tracked. */
  readonly #isBounded: boolean;
  readonly #ttlMs: number;
  readonly #keepsAllChoices: boolean;
  readonly #clock: Readings;
  #size = 0;
  #sizeBytes = 0;

  /** @param clock - an entry expires by the reading that advanced further, as in `msSince`. */
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

  /**
   * Changes the maximum size, and removes the least recently used entries above it. Only for a memory that had a limit
   * before, because otherwise their order is not tracked.
   */
  set maxBytes(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#removeOldest();
  }

  /** Returns whether this exposure is known. A hit renews its entry. */
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
    // Only read the clocks for entries that expire.
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

  /** Returns the entry of this choice. With the rule `last`, it is the only entry of the subject and flag. */
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

  /** Removes the least recently used entries until the rest is within the limits. */
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

/** Estimates the memory of an entry without its flag key, which entries share. */
function estimateEntryBytes(subjectKey: string, via: string | null, choice: string | null): number {
  return BASE_BYTES + stringBytes(subjectKey) + stringBytes(via) + stringBytes(choice);
}

/** Creates the ring's own entry. Its `newer` is the least recently used entry, its `older` the most recent. */
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
