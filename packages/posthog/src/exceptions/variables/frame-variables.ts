import { ownValue } from "../own-value.js";
import { maskedValue, REDACTED } from "./masked-value.js";
import { matcherOf, type NamePattern } from "./patterns.js";

const MAX_VALUE_LENGTH = 1_024;
/** Maximum number of characters for all frames of an error. */
const MAX_TOTAL_LENGTH = 10 * 1024;

/**
 * Local variables of a frame, in the form in which they are sent. Numbers stay numbers, and everything else is a
 * string.
 */
export type FrameVariables = Readonly<Record<string, number | string>>;

/** Rules that determine which local variables are masked and which are omitted. */
export interface MaskingRules {
  readonly maskPatterns: readonly NamePattern[];
  readonly ignorePatterns: readonly NamePattern[];
}

/** Copies the local variables of an error's frames within size limits, and without potential secrets. */
export class VariablesReader {
  readonly #isMasked: (text: string) => boolean;
  readonly #isIgnored: (text: string) => boolean;
  #left = MAX_TOTAL_LENGTH;

  constructor({ maskPatterns, ignorePatterns }: MaskingRules) {
    this.#isMasked = matcherOf(maskPatterns);
    this.#isIgnored = matcherOf(ignorePatterns);
  }

  /**
   * Reads the variables of a frame until the limit is reached.
   *
   * @param scope - an object with the variables as own properties.
   */
  read(scope: object): FrameVariables {
    const names = Object.keys(scope).filter((it) => !this.#isIgnored(it));
    const isSimple = (name: string): boolean =>
      // An uninitialised variable has no value.
      !this.#isMasked(name) && !isComposite(ownValue(scope, name));
    // Simple values come first, because they are the most informative for their length.
    const simple = names.filter(isSimple).sort();
    const composite = names.filter((it) => !isSimple(it)).sort();
    const result: Record<string, number | string> = {};
    for (const name of [...simple, ...composite]) {
      const text = this.#isMasked(name) ? REDACTED : this.#textOf(ownValue(scope, name));
      const { length } = String(text);
      if (length > this.#left) break;
      this.#left -= length;
      Object.defineProperty(result, name, { value: text, enumerable: true });
    }
    return result;
  }

  #textOf(value: unknown): number | string {
    const data = maskedValue(value, this.#isMasked);
    if (typeof data === "number") return data;
    const text = typeof data === "string" ? data : JSON.stringify(data);
    return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 3)}...` : text;
  }
}

function isComposite(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
