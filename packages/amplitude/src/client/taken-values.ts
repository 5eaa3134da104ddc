import { MAX_DELAY_MS } from "@sortition/core/source";
import type { ClientLog } from "../messages/logging.js";

/**
 * What the vendor's SDK makes of the values of its options, without a check. Each that means something else than it
 * says is a warning.
 */
export class TakenValues {
  readonly #log: Pick<ClientLog, "mistake">;

  constructor(log: Pick<ClientLog, "mistake">) {
    this.#log = log;
  }

  /**
   * Ms of a timer.
   *
   * @param otherwiseMs - for a value that is not a time; the vendor's timers fire at once then.
   */
  delayMs(
    option: string,
    value: unknown,
    defaultMs: number,
    otherwiseMs: number = defaultMs,
  ): number {
    if (value === undefined) return defaultMs;
    const ms = Number(value);
    return this.report(option, value, ms >= 1 && ms <= MAX_DELAY_MS ? Math.trunc(ms) : otherwiseMs);
  }

  /** Ms of a request. A value that is negative or not a number makes it fail, as 0 does. */
  timeoutMs(option: string, value: unknown, defaultMs: number): number {
    if (value === undefined) return defaultMs;
    const isTime = typeof value === "number" && value > 0 && value < Number.POSITIVE_INFINITY;
    const ms = isTime ? Math.min(Math.max(1, Math.trunc(value)), MAX_DELAY_MS) : 0;
    return this.report(option, value, ms);
  }

  /** How often something is done: never, if the value is not a number. */
  count(option: string, value: unknown, defaultCount: number): number {
    if (value === undefined) return defaultCount;
    return this.report(option, value, Math.max(0, Math.ceil(Number(value)) || 0));
  }

  /** A number to calculate with; `NaN` stays `NaN`. */
  number(option: string, value: unknown, defaultNumber: number): number {
    return value === undefined ? defaultNumber : this.report(option, value, Number(value));
  }

  /** Whether a value counts as true. */
  flag(option: string, value: unknown): boolean {
    return this.report(option, value ?? false, Boolean(value));
  }

  text(option: string, value: unknown): string {
    return this.report(option, value, `${value}`);
  }

  /** A data centre. A value that is not a string is left to who needs one. */
  zone(zone: unknown): unknown {
    if (typeof zone === "string" && zone !== "" && !/^(us|eu)$/i.test(zone)) {
      this.#log.mistake('[Experiment] option serverZone is neither "us" nor "eu": taken for "us"');
    }
    return zone;
  }

  /** Warns of a value that means something else. Returns what it means. */
  report<Used>(option: string, value: unknown, used: Used): Used {
    // Secrets are strings, and not told.
    if (!Object.is(value, used)) {
      const told = typeof used === "string" ? "a string" : used;
      this.#log.mistake(`[Experiment] option ${option} has an unusual value: taken for ${told}`);
    }
    return used;
  }
}
