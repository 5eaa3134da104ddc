import type { Diagnostics } from "@sortition/core";
import { MAX_DELAY_MS } from "@sortition/core/internal";

/**
 * Reads option values as the vendor's SDK uses them. A value of another type is replaced by the
 * default. Reports each value with a surprising effect once.
 */
export class TakenValues {
  readonly #diagnostics: Pick<Diagnostics, "warn">;

  constructor(diagnostics: Pick<Diagnostics, "warn">) {
    this.#diagnostics = diagnostics;
  }

  /**
   * Returns the duration of a timer in ms.
   *
   * @param defaultMs - also used for a value that is not a duration, for which the vendor's timers
   * fire immediately and then fail or never rest.
   */
  delayMs(option: string, value: unknown, defaultMs: number, maxMs: number): number {
    const isTime = typeof value === "number" && value > 0 && value <= MAX_DELAY_MS;
    const used = isTime ? Math.min(Math.max(1, Math.trunc(value)), maxMs) : defaultMs;
    return this.report(option, value, used);
  }

  /** Returns a count. `NaN` means no attempt at all. */
  count(option: string, value: unknown, defaultCount: number): number {
    if (typeof value !== "number") return this.report(option, value, defaultCount);
    return this.report(option, value, Number.isNaN(value) ? -1 : Math.ceil(value));
  }

  /** Returns a boolean. Default: false. */
  flag(option: string, value: unknown): boolean {
    return this.report(option, value, value === true);
  }

  /** Reports a value that is used as a different one. Returns the value that is used. */
  report<Used>(option: string, value: unknown, used: Used): Used {
    if (value !== undefined && value !== used) {
      this.#diagnostics.warn("an option has an unusual value", { option, used });
    }
    return used;
  }
}

/**
 * Returns the number of entries that the vendor's cache keeps: at least one except for the number
 * 0, and all if it is not a number.
 */
export function cacheSize(maxSize: unknown): number {
  if (maxSize === 0) return 0;
  const size = Math.ceil(Number(maxSize));
  return Number.isNaN(size) || maxSize === undefined ? Number.POSITIVE_INFINITY : Math.max(1, size);
}

/** Returns how long the vendor's cache keeps an entry in ms, or `null` if it keeps none. */
export function cacheTtlMs(timeout: unknown, defaultMs: number): number | null {
  if (timeout === undefined) return defaultMs;
  // Quirk: it is added to a date, so a string is not a duration (eppo).
  const ttlMs = typeof timeout === "number" || typeof timeout === "boolean" ? Number(timeout) : 0;
  const isTime = ttlMs >= 1 && ttlMs < 8e15;
  return isTime ? Math.trunc(ttlMs) : null;
}
