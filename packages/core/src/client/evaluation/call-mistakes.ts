import { EvaluationError } from "../../errors/errors.js";
import { isPromise, keyName } from "../../errors/guard.js";
import { nearestName, otherSpelling } from "../../errors/nearest-name.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";
import { isFlag, isObject } from "./argument-kinds.js";
import type { Call } from "./call.js";
import { problemOf } from "./evaluation-errors.js";
import type { EvaluationMode } from "./evaluation-mode.js";
import {
  attributesText,
  blankFlagText,
  blankSubjectText,
  defaultTypeText,
  type EmptyClient,
  failedText,
  getterOf,
  ignoredOverrideText,
  misnamedText,
  noDefaultText,
  objectSubjectText,
  swappedText,
  tooEarlyText,
  unhashedText,
  unreadText,
  wrongTypeText,
} from "./mistake-texts.js";
import type { Mistakes } from "./mistakes.js";
import { unknownFlagReport } from "./unknown-flag.js";
import { watched } from "./watched-attributes.js";

/** Dependencies of {@link CallMistakes}. */
export interface CallMistakesOptions {
  readonly mistakes: Mistakes;
  readonly mode: EvaluationMode;
  readonly diagnostics: Diagnostics;
  /** Returns the facts that explain why there is no configuration. Called for early calls. */
  readonly emptyClient: () => EmptyClient;
  /** See `Dialect.takesEmptySubjectKey`. */
  readonly takesEmptySubjectKey: boolean;
}

const NO_FLAGS: ReadonlySet<string> = new Set();

/**
 * Finds mistakes in calls, counts them, and reports how to correct them. Only called for evaluations without an
 * assignment.
 */
export class CallMistakes {
  readonly #options: CallMistakesOptions;
  readonly #mistakes: Mistakes;
  /** Flags whose missing attribute was reported. */
  readonly #unhashed = new Set<string>();
  /** Names of the attributes that the subjects of the first calls had. */
  readonly #given = new Set<string>();
  /** Names of the attributes that a flag read in the first calls, by flag. */
  readonly #read = new Map<string, ReadonlySet<string>>();

  constructor(options: CallMistakesOptions) {
    this.#options = options;
    this.#mistakes = options.mistakes;
  }

  /**
   * JavaScript callers may pass anything. The vendor rejects `null` and `""`, and converts everything else to a string,
   * which fails for symbols.
   *
   * @throws EvaluationError if the flag or the subject has no key.
   */
  checkArguments({ flagKey, isKeyless, reportsMistakes, subject }: Call<object>): void {
    const { mode, takesEmptySubjectKey } = this.#options;
    const { isGraceful } = mode;
    const note = (kind: "invalidSubject" | "unknownFlag", textOf: () => string): void => {
      const cause = kind === "unknownFlag" ? "unknown flag" : "invalid subject";
      this.#mistakes.count(kind);
      if (reportsMistakes) this.#mistakes.report(flagKey, cause, () => ({ message: textOf() }));
    };
    const isTaken = isKeyless || (subject.key === "" && takesEmptySubjectKey);
    if (isBlank(subject.key) && !isTaken) {
      note("invalidSubject", () => blankSubjectText(subject.key, isGraceful));
      throw blank("subjectKey", flagKey);
    }
    if (isBlank(flagKey)) {
      note("unknownFlag", () => blankFlagText(isGraceful));
      throw blank("flagKey", flagKey);
    }
    if (isObject(subject.key)) note("invalidSubject", () => objectSubjectText(subject.key));
    else if (typeof subject.attributes !== "object") {
      note("invalidSubject", () => attributesText(subject.attributes));
    }
  }

  /** Only used for the first calls, because callers make these mistakes from the start. */
  checkSubject(call: Call<object>): void {
    const { flagKey, reportsMistakes, subject } = call;
    this.#options.mode.subjectChecks -= 1;
    if (!reportsMistakes) return;
    if (isOtherObject(subject.attributes)) {
      const message = attributesText(subject.attributes);
      this.#mistakes.report(flagKey, "invalid subject", () => ({ message }));
    } else this.#noteMisnamed(call);
  }

  /** Reports a default value that is missing or that the getter cannot return. */
  noteDefault(call: Call<object>, given: unknown): void {
    const { expectedType, flagKey, getters, pin, reportsMistakes, subject } = call;
    // `checkArguments` reports a default value in the place of the attributes.
    if (!reportsMistakes || expectedType === null || typeof subject.attributes !== "object") return;
    const getter = getterOf(expectedType, getters);
    const isMissing = given === undefined;
    const cause = isMissing ? "no default value" : "default value of another type";
    const message = isMissing
      ? noDefaultText(getter, pin !== null)
      : defaultTypeText(given, expectedType, getter);
    if (message !== null) this.#mistakes.report(flagKey, cause, () => ({ message }));
  }

  /**
   * Reports an attribute that the flag reads and that no subject had so far, if this subject has it in another case, or with
   * other punctuation, such as without `$` or `_`.
   */
  #noteMisnamed(call: Call<object>): void {
    const { flagKey, subject } = call;
    try {
      const given = Object.keys(subject.attributes);
      for (const name of given) this.#given.add(name);
      const read = given.length === 0 ? null : this.#readBy(call);
      if (read === null) return;
      const unread = given.filter((it) => !read.has(it));
      for (const name of read) {
        const other = this.#given.has(name) ? null : otherSpelling(name, unread);
        if (other === null) continue;
        this.#mistakes.report(flagKey, "attribute with another name", () => ({
          message: misnamedText(keyName(flagKey), name, keyName(other)),
          facts: { attribute: name },
        }));
      }
    } catch {
      // A flag may be malformed, and attributes may be a proxy that throws. Neither must change the result.
    }
  }

  /** Returns the names of the attributes that a flag reads. To see them, the flag is evaluated again, once. `null`: there is no flag. */
  #readBy(call: Call<object>): ReadonlySet<string> | null {
    const { flagKey, served, subject } = call;
    const known = this.#read.get(flagKey);
    if (known !== undefined) return known;
    const flag = served?.flag(flagKey) ?? null;
    if (flag === null) return null;
    const read = new Set<string>();
    this.#read.set(flagKey, read);
    const again = call.withAttributes(watched(subject.attributes, read));
    flag.evaluate(again.subject, again);
    return read;
  }

  /** Reports a call without a configuration, once. */
  noteEarly(flagKey: unknown): void {
    const { diagnostics, emptyClient, mode } = this.#options;
    if (mode.hasReportedEarlyCall) return;
    mode.hasReportedEarlyCall = true;
    const name = keyName(flagKey);
    const message = tooEarlyText(name, emptyClient());
    const cause = "evaluated before ready";
    diagnostics.warn(message, { cause, flagKey: name });
  }

  noteUnknown(call: Call<object>): void {
    const { flagKey, reportsMistakes, served, subject } = call;
    this.#mistakes.count("unknownFlag");
    if (!reportsMistakes) return;
    this.#mistakes.report(flagKey, "unknown flag", () => {
      const report = unknownFlagReport(flagKey, served?.flagKeys ?? NO_FLAGS, served?.environment);
      return report.facts === undefined && isFlag(served, subject.key)
        ? { message: swappedText(keyName(flagKey), keyName(subject.key)) }
        : report;
    });
  }

  /**
   * Reports a missing hash attribute. It is not counted, because a subject may not have one, such as a visitor without
   * a company.
   */
  noteUnhashed(
    { reportsMistakes, subject: { attributes } }: Call<object>,
    attribute: string,
    flagKey: string,
  ): void {
    // The cheapest checks come first, because evaluations after the report may be as frequent as any others.
    if (this.#unhashed.has(flagKey) || !reportsMistakes) return;
    try {
      if (attribute in attributes) return; // it is empty on purpose
      this.#unhashed.add(flagKey);
      this.#mistakes.report(flagKey, "missing hash attribute", () => ({
        message: unhashedText(keyName(flagKey), attribute, attributes),
        facts: { attribute },
      }));
    } catch {
      // Attributes may be a proxy that throws. This must not change the result.
    }
  }

  /** Reports a mistake that the dialect found. */
  noteFound(
    { reportsMistakes }: Call<object>,
    cause: string,
    flagKey: string,
    describe: () => string,
  ): void {
    if (reportsMistakes) this.#mistakes.report(flagKey, cause, () => ({ message: describe() }));
  }

  noteIgnoredOverride({ flagKey, reportsMistakes }: Call<object>, problem: string): void {
    this.#mistakes.count("ignoredOverride");
    if (!reportsMistakes) return;
    this.#mistakes.report(flagKey, "override ignored", () => ({
      message: ignoredOverrideText(keyName(flagKey), problem),
      facts: { problem },
    }));
  }

  /**
   * Reports that a flag was shown, but not read.
   *
   * @param read - the keys that were read.
   */
  noteUnread(flagKey: unknown, read: readonly string[]): void {
    this.#mistakes.report(flagKey, "exposed without a read", () => {
      const name = keyName(flagKey);
      return { message: unreadText(name, nearestName(name, read, Math.floor(name.length / 3))) };
    });
  }

  /** @param call - `null` for the bandit behind a flag. */
  noteError(
    error: EvaluationError,
    flagKey: string,
    isReported: boolean,
    call: Call<object> | null = null,
  ): void {
    if (error.code === "SORTITION_INVALID_ARGUMENT") return; // it was counted when it was found
    const isMismatch = error.code === "SORTITION_TYPE_MISMATCH";
    this.#mistakes.count(isMismatch ? "typeMismatch" : "failed");
    if (!isReported) return;
    const cause = isMismatch ? "flag of another type" : "evaluation failed";
    const { isGraceful } = this.#options.mode;
    this.#mistakes.report(flagKey, cause, () => {
      const valueType = call?.flag?.valueType ?? "unknown";
      const expectedType = call?.expectedType ?? null;
      const asked = call?.isForNumber ? "number" : expectedType;
      // If the types are equal, the variation's value does not fit, and no other getter would help.
      const isOther = expectedType !== null && expectedType !== valueType;
      const message =
        isMismatch && valueType !== "unknown" && isOther && asked !== null
          ? wrongTypeText(keyName(flagKey), valueType, asked, isGraceful, call?.getters ?? null)
          : failedText(problemOf(error, keyName(flagKey)), isGraceful);
      return { message };
    });
  }
}

function isBlank(key: unknown): boolean {
  if (key === null || key === undefined || typeof key === "symbol") return true;
  return (key as { readonly length?: unknown }).length === 0; // e.g. an empty array
}

function blank(argument: "subjectKey" | "flagKey", flagKey: string): EvaluationError {
  const message = `Invalid argument: ${argument} cannot be blank`;
  return new EvaluationError("SORTITION_INVALID_ARGUMENT", keyName(flagKey), message);
}

/** Whether attributes are an object whose members are not attributes, such as a `Map`. */
function isOtherObject(attributes: unknown): boolean {
  return Array.isArray(attributes) || attributes instanceof Map || isPromise(attributes);
}
