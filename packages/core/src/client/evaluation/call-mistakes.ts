import { EvaluationError } from "../../errors/errors.js";
import { keyName } from "../../errors/guard.js";
import { nearestName } from "../../errors/nearest-name.js";
import { OncePerCause } from "../../errors/once-per-cause.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";
import type { Call } from "./call.js";
import { problemOf } from "./evaluation-errors.js";
import type { EvaluationMode } from "./evaluation-mode.js";
import {
  attributesText,
  blankFlagText,
  blankSubjectText,
  type EmptyClient,
  failedText,
  isPromise,
  nestedText,
  objectSubjectText,
  tooEarlyText,
  unhashedText,
  unknownFlagText,
  wrongTypeText,
} from "./mistake-texts.js";
import type { Mistakes } from "./mistakes.js";

/** What finding mistakes takes. */
export interface CallMistakesOptions {
  readonly mistakes: Mistakes;
  readonly mode: EvaluationMode;
  readonly diagnostics: Diagnostics;
  /** Why there is no configuration, asked for an early call. */
  readonly emptyClient: () => EmptyClient;
  /** See `Dialect.readsNestedAttributes`. */
  readonly readsNestedAttributes: boolean;
  /** See `Dialect.takesEmptySubjectKey`. */
  readonly takesEmptySubjectKey: boolean;
}

/** Calls of each flag that are searched for nested attributes: a caller that passes them does so from the start. */
const NESTED_CHECKS = 20;

/** Finds the mistakes of calls, counts them, and says what to do instead. Only calls that miss come here. */
export class CallMistakes {
  readonly #mistakes: Mistakes;
  readonly #mode: EvaluationMode;
  readonly #diagnostics: Diagnostics;
  readonly #emptyClient: () => EmptyClient;
  /** Flags whose missing attribute was reported. */
  readonly #unhashed = new Set<string>();
  readonly #readsNestedAttributes: boolean;
  readonly #takesEmptySubjectKey: boolean;
  /** Number of calls that were searched for nested attributes, by flag. */
  readonly #nestedChecks = new Map<string, number>();
  #nested: OncePerCause | null = null;

  constructor(options: CallMistakesOptions) {
    const { mistakes, mode, diagnostics, emptyClient, readsNestedAttributes } = options;
    this.#readsNestedAttributes = readsNestedAttributes;
    this.#takesEmptySubjectKey = options.takesEmptySubjectKey;
    this.#mistakes = mistakes;
    this.#mode = mode;
    this.#diagnostics = diagnostics;
    this.#emptyClient = emptyClient;
  }

  /**
   * JavaScript callers may pass anything. The vendor refuses `null` and `""`, and takes the string form of
   * everything else; a symbol has none.
   *
   * @throws EvaluationError if the flag or the subject has no key.
   */
  checkArguments({ flagKey, isKeyless, reportsMistakes, subject }: Call<object>): void {
    const { isGraceful } = this.#mode;
    const note = (kind: "invalidSubject" | "unknownFlag", textOf: () => string): void => {
      const cause = kind === "unknownFlag" ? "unknown flag" : "invalid subject";
      this.#mistakes.count(kind);
      if (reportsMistakes) this.#mistakes.report(flagKey, cause, () => ({ message: textOf() }));
    };
    const isTaken = isKeyless || (subject.key === "" && this.#takesEmptySubjectKey);
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

  /** For the first calls: a caller who passes a list or a `Map` does so from the start. */
  checkAttributes({ flagKey, reportsMistakes, subject }: Call<object>): void {
    const { attributes } = subject;
    this.#mode.attributeChecks -= 1;
    if (!reportsMistakes || !isOtherObject(attributes)) return;
    this.#mode.attributeChecks = 0;
    const describe = () => ({ message: attributesText(attributes) });
    this.#mistakes.report(flagKey, "invalid subject", describe);
  }

  /** A call without a configuration: reported once. */
  noteEarly(flagKey: unknown): void {
    if (this.#mode.hasReportedEarlyCall) return;
    this.#mode.hasReportedEarlyCall = true;
    const name = keyName(flagKey);
    const message = tooEarlyText(name, this.#emptyClient());
    const cause = "evaluated before ready";
    this.#diagnostics.warn(message, { cause, flagKey: name });
  }

  noteUnknown({ flagKey, reportsMistakes, served }: Call<object>): void {
    this.#mistakes.count("unknownFlag");
    if (!reportsMistakes) return;
    this.#mistakes.report(flagKey, "unknown flag", () => {
      const name = keyName(flagKey);
      const keys = served?.flagKeys;
      const nearest = nearestName(name, keys ?? [], Math.floor(name.length / 3));
      const message = unknownFlagText(name, nearest, keys?.size ?? 0);
      return { message, ...(nearest === null ? {} : { facts: { nearest } }) };
    });
  }

  /** Not counted: a subject may rightly lack the attribute, such as a visitor without a company. */
  noteUnhashed(
    { reportsMistakes, subject: { attributes } }: Call<object>,
    attribute: string,
    flagKey: string,
  ): void {
    // First what costs least: an evaluation after the report may be as frequent as any other.
    if (this.#unhashed.has(flagKey) || !reportsMistakes) return;
    try {
      if (attribute in attributes) return; // empty: it is meant to be nobody
      this.#unhashed.add(flagKey);
      this.#mistakes.report(flagKey, "missing hash attribute", () => ({
        message: unhashedText(keyName(flagKey), attribute, attributes),
        facts: { attribute },
      }));
    } catch {
      // Attributes may be a proxy that throws: the answer is the same.
    }
  }

  /**
   * Reports attributes that no rule can read, once for each flag and attribute. Not counted: events may be what they are meant
   * for. Called where no allocation applied.
   */
  noteNested({ flagKey, reportsMistakes, subject: { attributes } }: Call<object>): void {
    if (this.#readsNestedAttributes || !reportsMistakes) return;
    const checks = this.#nestedChecks.get(flagKey) ?? 0;
    if (checks >= NESTED_CHECKS) return;
    this.#nestedChecks.set(flagKey, checks + 1);
    try {
      for (const [name, value] of Object.entries(attributes)) {
        if (isNested(value)) this.#reportNested(keyName(flagKey), name, Array.isArray(value));
      }
    } catch {
      // A getter or a proxy of the caller throws: the answer is the same.
    }
  }

  #reportNested(flagKey: string, attribute: string, isList: boolean): void {
    this.#nested ??= new OncePerCause();
    if (this.#nested.first(flagKey, attribute) === null) return;
    const message = nestedText(flagKey, keyName(attribute), isList);
    this.#diagnostics.warn(message, { cause: "nested attribute", flagKey, attribute });
  }

  /** @param call - `null` for the bandit behind a flag. */
  noteError(
    error: EvaluationError,
    flagKey: string,
    isReported: boolean,
    call: Call<object> | null = null,
  ): void {
    if (error.code === "SORTITION_INVALID_ARGUMENT") return; // noted when it was found
    const isMismatch = error.code === "SORTITION_TYPE_MISMATCH";
    this.#mistakes.count(isMismatch ? "typeMismatch" : "failed");
    if (!isReported) return;
    const cause = isMismatch ? "flag of another type" : "evaluation failed";
    const { isGraceful } = this.#mode;
    this.#mistakes.report(flagKey, cause, () => {
      const valueType = call?.flag?.valueType ?? "unknown";
      const expectedType = call?.expectedType ?? null;
      // If the types are equal, the value of the variation does not fit, and no other getter helps.
      const isOther = expectedType !== null && expectedType !== valueType;
      const message =
        isMismatch && valueType !== "unknown" && isOther
          ? wrongTypeText(keyName(flagKey), valueType, expectedType, isGraceful)
          : failedText(problemOf(error, keyName(flagKey)), isGraceful);
      return { message };
    });
  }
}

/** Whether a value is a list or an object that is not a date. */
function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof Date);
}

function isBlank(key: unknown): boolean {
  if (key === null || key === undefined || typeof key === "symbol") return true;
  return (key as { readonly length?: unknown }).length === 0; // e.g. an empty array
}

function isObject(value: unknown): boolean {
  return typeof value === "object" || typeof value === "function";
}

function blank(argument: "subjectKey" | "flagKey", flagKey: string): EvaluationError {
  const message = `Invalid argument: ${argument} cannot be blank`;
  return new EvaluationError("SORTITION_INVALID_ARGUMENT", keyName(flagKey), message);
}

/** An object whose members are not the attributes. */
function isOtherObject(attributes: unknown): boolean {
  return Array.isArray(attributes) || attributes instanceof Map || isPromise(attributes);
}
