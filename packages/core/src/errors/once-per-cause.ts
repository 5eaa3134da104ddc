import { keyName } from "./guard.js";

/** Maximum number of reports. Further mistakes are not reported. */
const MAX_REPORTS = 100;

/**
 * Decides which callers' mistakes to report: each combination of cause and key once, up to a limit, because a program
 * may make one in each call.
 */
export class OncePerCause {
  /** Reported names by cause, so that a call need not build a combined key. */
  readonly #reported = new Map<string, Set<string>>();
  #reports = 0;

  /**
   * Notes a mistake.
   *
   * @param cause - a constant.
   * @param key - the requested key. JavaScript callers may pass anything.
   * @returns the name to report, or `null` if it was reported before or the limit is reached.
   */
  first(cause: string, key: unknown): string | null {
    if (this.#reports >= MAX_REPORTS) return null;
    const names = this.#reported.get(cause);
    if (typeof key === "string" && names?.has(key)) return null;
    const name = keyName(key);
    if (names?.has(name)) return null;
    this.#reported.set(cause, (names ?? new Set()).add(name));
    this.#reports += 1;
    return name;
  }
}
