import { keyName } from "../../errors/guard.js";
import { OncePerCause } from "../../errors/once-per-cause.js";
import type { ValueType } from "../../model/flag.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";

const GETTERS: Readonly<Record<ValueType, string>> = {
  boolean: "getBooleanAssignment",
  integer: "getIntegerAssignment",
  numeric: "getNumericAssignment",
  string: "getStringAssignment",
  json: "getJSONAssignment",
};

/** Number of calls whose default value is checked. Callers make such mistakes from the start. */
const CHECKED_CALLS = 100;

/** Reports callers' mistakes once for each flag. Unknown flags cannot be told from those that assign nothing. */
export class PrecomputedMistakes {
  readonly #diagnostics: Pick<Diagnostics, "warn">;
  readonly #reported = new OncePerCause();
  #checksLeft = CHECKED_CALLS;

  constructor(diagnostics: Pick<Diagnostics, "warn">) {
    this.#diagnostics = diagnostics;
  }

  /** Reports a default value that is missing, or is the subject key. */
  noteDefault(flagKey: unknown, given: unknown, type: ValueType, subjectKey: string): void {
    if (given !== undefined && this.#checksLeft === 0) return;
    this.#checksLeft = Math.max(0, this.#checksLeft - 1);
    const getter = GETTERS[type];
    const form = `write ${getter}(flagKey, defaultValue)`;
    if (given === undefined) this.#report(flagKey, `the default value is missing: ${form}`);
    else if (given === subjectKey) {
      const fact = "the default value is the subject key, which the configuration already has";
      this.#report(flagKey, `${getter}(): ${fact}: ${form}`);
    }
  }

  /** Reports a getter of another type than the flag's. */
  noteType(flagKey: unknown, type: ValueType | "unknown", expected: ValueType): void {
    const fact = `flag "${keyName(flagKey)}" is ${type.toUpperCase()}, but was requested as ${expected}`;
    this.#report(flagKey, type === "unknown" ? fact : `${fact}; use ${GETTERS[type]}`);
  }

  #report(flagKey: unknown, message: string): void {
    const name = this.#reported.first(message, flagKey);
    if (name === null) return;
    try {
      this.#diagnostics.warn(message, { flagKey: name });
    } catch {
      // Diagnostics of the caller must not change the result.
    }
  }
}
