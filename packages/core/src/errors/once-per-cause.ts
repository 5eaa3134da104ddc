import { keyName } from "./guard.js";

/** Further mistakes are not reported. */
const MAX_REPORTS = 100;

/** How mistakes are told from each other. */
export interface OncePerCauseOptions {
  /** Reports in all. Default: 100. */
  readonly max?: number;
  /** The key as messages show it. Default: as a string, its first 200 characters. */
  nameOf?(key: unknown): string;
}

/** Tells which mistakes of callers to report: each cause and key once, up to a limit. A program may make one in each call. */
export class OncePerCause {
  readonly #max: number;
  readonly #nameOf: (key: unknown) => string;
  /** Names by cause: a call makes no key of both. */
  readonly #reported = new Map<string, Set<string>>();
  #reports = 0;

  constructor({ max = MAX_REPORTS, nameOf = keyName }: OncePerCauseOptions = {}) {
    this.#max = max;
    this.#nameOf = nameOf;
  }

  /**
   * Notes a mistake.
   *
   * @param cause - a constant.
   * @param key - what was asked for. JavaScript callers may pass anything.
   * @returns the name to report; `null`: it was reported before, or there were enough.
   */
  first(cause: string, key: unknown): string | null {
    if (this.#reports >= this.#max) return null;
    const names = this.#reported.get(cause);
    if (typeof key === "string" && names?.has(key)) return null;
    const name = this.#nameOf(key);
    if (names?.has(name)) return null;
    this.#reported.set(cause, (names ?? new Set()).add(name));
    this.#reports += 1;
    return name;
  }
}
