import {
  type Clock,
  type Diagnostics,
  messageOf,
  type TimedOutcome,
  within,
} from "@sortition/core/internal";
import type { EdgeCache } from "./edge-cache.js";
import { type Copy, readEntry, writeEntry } from "./entry.js";

/** Number of cache faults by kind. */
export interface CacheFaults {
  /** The cache threw or rejected. */
  readonly failed: number;
  /** The cache did not respond in time. */
  readonly late: number;
  /** An entry was incomplete or corrupted. */
  readonly torn: number;
  /** An entry belonged to another origin or format. */
  readonly foreign: number;
  /** An entry was older than the served configuration. */
  readonly older: number;
  /** An entry was from the future by the isolate's clock. Its age is unknown, so a request was sent to the vendor. */
  readonly future: number;
}

/** Counters of cache operations. */
export interface CacheCounters {
  /** Reads that returned a copy. */
  readonly hits: number;
  /** Reads that returned nothing. */
  readonly misses: number;
  readonly puts: number;
  readonly faults: CacheFaults;
}

interface CopiesParts {
  readonly cache: EdgeCache;
  /** Returns the origin's scope. A function, because computing it takes a hash. */
  readonly scope: () => string;
  readonly dialect: string;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/** A slower read is treated as failed, to leave time for a request to the vendor. */
const READ_MS = 500;
const WRITE_MS = 5_000;
/** Long enough for entries to outlive an outage of the vendor. */
const TTL_MS = 7 * 24 * 3_600_000;

/** The copies of one configuration in a cache. No method rejects. Faults are counted and reported once a minute. */
export class Copies {
  readonly #parts: CopiesParts;
  readonly #faults = { failed: 0, late: 0, torn: 0, foreign: 0, older: 0, future: 0 };
  #hits = 0;
  #misses = 0;
  #puts = 0;

  constructor(parts: CopiesParts) {
    this.#parts = parts;
  }

  /** Maximum delay until reads see a write, ms. */
  get lagMs(): number {
    return this.#parts.cache.lagMs ?? 0;
  }

  get counters(): CacheCounters {
    const faults = Object.freeze({ ...this.#faults });
    return Object.freeze({ hits: this.#hits, misses: this.#misses, puts: this.#puts, faults });
  }

  /** Returns the cached copy, or `null` if there is no usable one. */
  async read(): Promise<Copy | null> {
    const { cache, clock, scope } = this.#parts;
    const limit = { clock, timeoutMs: READ_MS, holdsProcess: false };
    const outcome = await within(limit, async () => {
      const bytes = await cache.get(this.#name);
      if (bytes === null || bytes === undefined) return null;
      if (typeof bytes !== "object") {
        throw new TypeError(
          `cache.get: expected the bytes that put received, got a ${typeof bytes}`,
        );
      }
      return readEntry(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes), scope());
    });
    if (outcome.kind !== "done") {
      this.#noteUnanswered(outcome);
      return null;
    }
    const entry = outcome.value;
    if (entry === null) this.#misses += 1;
    else if (entry.kind === "copy") this.#hits += 1;
    else this.noteFault(entry.kind);
    return entry?.kind === "copy" ? entry.copy : null;
  }

  async write(copy: Copy): Promise<void> {
    const { cache, clock, scope } = this.#parts;
    this.#puts += 1;
    const limit = { clock, timeoutMs: WRITE_MS, holdsProcess: false };
    const outcome = await within(limit, async () =>
      cache.put(this.#name, await writeEntry(copy, scope()), { ttlMs: TTL_MS }),
    );
    if (outcome.kind !== "done") this.#noteUnanswered(outcome);
  }

  /** Counts a fault. */
  noteFault(kind: keyof CacheFaults, error?: unknown): void {
    this.#faults[kind] += 1;
    // Older copies are normal if reads lag behind writes.
    if (kind === "older") return;
    const message =
      kind === "future"
        ? "a copy in the cache is from the future: the clock of this machine, or of the one that wrote it, is wrong"
        : "the cache of configurations failed";
    this.#parts.diagnostics.warn(message, {
      cause: `cache ${kind}`,
      fault: kind,
      ...(error === undefined ? {} : { reason: messageOf(error) }),
    });
  }

  get #name(): string {
    return `sortition/1/${this.#parts.dialect}/${this.#parts.scope()}`;
  }

  #noteUnanswered(outcome: Exclude<TimedOutcome<unknown>, { kind: "done" }>): void {
    if (outcome.kind === "late") this.noteFault("late");
    else this.noteFault("failed", outcome.error);
  }
}
