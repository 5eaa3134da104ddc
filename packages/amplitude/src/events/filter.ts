import { canonicalOf, type Tracked } from "./canonical.js";

/** How long an evaluation is remembered, and the length of the days in insert ids. */
export const DAY_MS = 86_400_000;

/**
 * Remembers tracked evaluations in an LRU cache. An entry expires when its age exceeds `ttlMs`.
 * Using an entry does not renew it.
 */
export class TrackingFilter {
  readonly #capacity: number;
  readonly #ttlMs: number;
  readonly #trackedAtMs = new Map<string, number>();

  constructor(capacity: number, ttlMs: number = DAY_MS) {
    this.#capacity = capacity;
    this.#ttlMs = ttlMs;
  }

  /**
   * Whether to track an evaluation, which is then remembered. Evaluations without results are not
   * tracked.
   *
   * @param nowMs - epoch ms.
   */
  shouldTrack(tracked: Tracked, nowMs: number): boolean {
    if (tracked.results.size === 0) return false;
    const key = canonicalOf(tracked);
    const entries = this.#trackedAtMs;
    const trackedAtMs = entries.get(key);
    entries.delete(key);
    if (trackedAtMs !== undefined && !(nowMs - trackedAtMs > this.#ttlMs)) {
      entries.set(key, trackedAtMs);
      return false;
    }
    if (entries.size >= this.#capacity) {
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    }
    entries.set(key, nowMs);
    return true;
  }
}
