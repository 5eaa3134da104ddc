import { MAX_DELAY_MS } from "@sortition/core/internal";
import type { ClientLog } from "../messages/logging.js";

/**
 * Reads option values as the vendor's SDK uses them. A value of another type is replaced by the
 * default. Warns of each value that is used as a different one.
 */
export class TakenValues {
  readonly #log: Pick<ClientLog, "mistake">;

  constructor(log: Pick<ClientLog, "mistake">) {
    this.#log = log;
  }

  /**
   * Returns the duration of a timer in ms.
   *
   * @param otherwiseMs - used for a value that is not a duration, for which the vendor's timers
   * fire immediately.
   */
  delayMs(
    option: string,
    value: unknown,
    defaultMs: number,
    otherwiseMs: number = defaultMs,
  ): number {
    if (typeof value !== "number") return this.#otherwise(option, value, defaultMs);
    const isDelay = value >= 1 && value <= MAX_DELAY_MS;
    return this.report(option, value, isDelay ? Math.trunc(value) : otherwiseMs);
  }

  /**
   * Returns the deadline of a request in ms. A value that is negative or not a number makes the
   * request fail, as 0 does.
   */
  timeoutMs(option: string, value: unknown, defaultMs: number): number {
    if (typeof value !== "number") return this.#otherwise(option, value, defaultMs);
    const isTime = value > 0 && value < Number.POSITIVE_INFINITY;
    const ms = isTime ? Math.min(Math.max(1, Math.trunc(value)), MAX_DELAY_MS) : 0;
    return this.report(option, value, ms);
  }

  /** Returns a count; 0 for a value that is not a number. */
  count(option: string, value: unknown, defaultCount: number): number {
    if (typeof value !== "number") return this.#otherwise(option, value, defaultCount);
    return this.report(option, value, Math.max(0, Math.ceil(value) || 0));
  }

  /** Returns a number for calculations. `NaN` stays `NaN`. */
  number(option: string, value: unknown, defaultNumber: number): number {
    return typeof value === "number" ? value : this.#otherwise(option, value, defaultNumber);
  }

  /** Returns a boolean. Default: false. */
  flag(option: string, value: unknown): boolean {
    return typeof value === "boolean" ? value : this.#otherwise(option, value, false);
  }

  text(option: string, value: unknown): string {
    if (value === undefined || value === null) {
      const advice = "is the environment variable that holds it set?";
      this.#log.mistake(`[Experiment] option ${option} is ${value}: ${advice}`);
      return `${value}`;
    }
    return this.report(option, value, `${value}`);
  }

  /** Returns a data centre unchanged. Warns of an unknown name. */
  zone(zone: unknown): unknown {
    if (typeof zone === "string" && zone !== "" && !/^(us|eu)$/i.test(zone)) {
      this.#log.mistake('[Experiment] option serverZone is neither "us" nor "eu": using "us"');
    }
    return zone;
  }

  /** Returns the default for a value of another type, with a warning unless it is absent. */
  #otherwise<Used>(option: string, value: unknown, used: Used): Used {
    return value === undefined ? used : this.report(option, value, used);
  }

  /** Returns the value that is used. Warns if it differs from the given one. */
  report<Used>(option: string, value: unknown, used: Used): Used {
    if (!Object.is(value, used)) {
      // A string may be a secret, so it is never shown in a message.
      const shown = typeof used === "string" ? "a string" : used;
      const isOther = used !== undefined && typeof value !== typeof used && value !== null;
      const fact = isOther
        ? `: expected a ${typeof used}, got ${typeof value}; `
        : " has an unusual value: ";
      this.#log.mistake(`[Experiment] option ${option}${fact}using ${shown}`);
    }
    return used;
  }
}
