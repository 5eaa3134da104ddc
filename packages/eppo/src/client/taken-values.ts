import type { Diagnostics } from "@sortition/core";
import { MAX_DELAY_MS } from "@sortition/core/internal";

/**
 * Reads values of options as the vendor's SDK does, which does not check them. A value whose effect may surprise is
 * reported once.
 */
export class TakenValues {
  readonly #diagnostics: Pick<Diagnostics, "warn">;

  constructor(diagnostics: Pick<Diagnostics, "warn">) {
    this.#diagnostics = diagnostics;
  }

  /**
   * Ms of a timer.
   *
   * @param defaultMs - also for a value that is not a time. The vendor's timers fire at once then, and fail or never rest.
   */
  delayMs(option: string, value: unknown, defaultMs: number, maxMs: number): number {
    if (value === undefined) return defaultMs;
    const number = Number(value);
    const isTime = number > 0 && number <= MAX_DELAY_MS;
    const used = isTime ? Math.min(Math.max(1, Math.trunc(number)), maxMs) : defaultMs;
    return this.report(option, value, used);
  }

  /** A number that the vendor adds to one: `null` is the default, and digits in a string are appended. */
  count(option: string, value: unknown, defaultCount: number): number {
    const given = (value ?? defaultCount) as number; // strings are appended
    const used = Math.ceil(Number(1 + given)) - 1;
    return this.report(option, value, Number.isNaN(used) ? -1 : used);
  }

  /** Whether a value counts as true. */
  flag(option: string, value: unknown): boolean {
    return this.report(option, value, Boolean(value));
  }

  /** Reports a value that means something else. Returns what it means. */
  report<Used>(option: string, value: unknown, used: Used): Used {
    if (value !== undefined && value !== used) {
      this.#diagnostics.warn("an option has an unusual value", { option, used });
    }
    return used;
  }
}

/** Entries that the vendor's cache keeps: at least one, but for the number 0, and all if it is not a number. */
export function cacheSize(maxSize: unknown): number {
  if (maxSize === 0) return 0;
  const size = Math.ceil(Number(maxSize));
  return Number.isNaN(size) || maxSize === undefined ? Number.POSITIVE_INFINITY : Math.max(1, size);
}

/** Ms for which the vendor's cache keeps an entry; `null`: it keeps none. */
export function cacheTtlMs(timeout: unknown, defaultMs: number): number | null {
  if (timeout === undefined) return defaultMs;
  // Quirk: added to a date, so that a string is not a time (eppo).
  const ttlMs = typeof timeout === "number" || typeof timeout === "boolean" ? Number(timeout) : 0;
  const isTime = ttlMs >= 1 && ttlMs < 8e15;
  return isTime ? Math.trunc(ttlMs) : null;
}
