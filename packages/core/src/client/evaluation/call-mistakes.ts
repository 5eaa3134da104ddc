import { fitsGetter } from "../../conditions/fits-getter.js";
import { EvaluationError } from "../../errors/errors.js";
import { isPromise, keyName } from "../../errors/guard.js";
import { nearestName, otherSpelling } from "../../errors/nearest-name.js";
import { OncePerCause } from "../../errors/once-per-cause.js";
import type { Configuration } from "../../model/configuration.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { CompiledFlag, ValueType } from "../../model/flag.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";
import { isFlag, isNested, isObject } from "./argument-kinds.js";
import type { Call } from "./call.js";
import { problemOf } from "./evaluation-errors.js";
import type { EvaluationMode } from "./evaluation-mode.js";
import {
  attributesAgainText,
  attributesText,
  blankFlagText,
  blankSubjectText,
  defaultTypeText,
  type EmptyClient,
  exposedText,
  failedText,
  getterOf,
  ignoredOverrideText,
  innerText,
  misnamedText,
  NO_FLAG_KEY_TEXT,
  nestedText,
  noDefaultText,
  noSnapshotDefaultText,
  numeralAttributeText,
  OBJECT_FLAG_TEXT,
  objectSubjectText,
  orderText,
  paddedSubjectText,
  placeholderText,
  REQUEST_TEXT,
  subjectAgainText,
  swappedText,
  tooEarlyText,
  UNREAD_KEY_TEXT,
  unhashedText,
  unknownFlagText,
  unreadText,
  wrongTypeText,
} from "./mistake-texts.js";
import type { Mistakes } from "./mistakes.js";
import { watched } from "./watched-attributes.js";

/** Dependencies of {@link CallMistakes}. */
export interface CallMistakesOptions {
  readonly mistakes: Mistakes;
  readonly mode: EvaluationMode;
  readonly diagnostics: Diagnostics;
  /** Returns the facts that explain why there is no configuration. Called for early calls. */
  readonly emptyClient: () => EmptyClient;
  /** See `Dialect.readsNestedAttributes`. */
  readonly readsNestedAttributes: boolean;
  /** See `Dialect.takesEmptySubjectKey`. */
  readonly takesEmptySubjectKey: boolean;
}

/**
 * Number of calls of each flag whose attributes are checked if no allocation applied. Callers that pass wrong attributes do
 * so from the start.
 */
const UNMATCHED_CHECKS = 20;

/** The types of getters, those that fit the fewest values first. */
const TYPES: readonly ValueType[] = ["boolean", "integer", "numeric", "string", "json"];

/**
 * Finds mistakes in calls, counts them, and reports how to correct them. Only called for evaluations without an
 * assignment.
 */
export class CallMistakes {
  readonly #mistakes: Mistakes;
  readonly #mode: EvaluationMode;
  readonly #diagnostics: Diagnostics;
  readonly #emptyClient: () => EmptyClient;
  /** Flags whose missing attribute was reported. */
  readonly #unhashed = new Set<string>();
  readonly #readsNestedAttributes: boolean;
  readonly #takesEmptySubjectKey: boolean;
  /** Number of calls whose attributes were checked, by flag. */
  readonly #unmatchedChecks = new Map<string, number>();
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
   * JavaScript callers may pass anything. The vendor rejects `null` and `""`, and converts everything else to a string,
   * which fails for symbols.
   *
   * @throws EvaluationError if the flag or the subject has no key.
   */
  checkArguments({
    flagKey,
    isForBandit,
    isKeyless,
    pin,
    reportsMistakes,
    subject,
  }: Call<object>): void {
    const { isGraceful } = this.#mode;
    const note = (kind: "invalidSubject" | "unknownFlag", textOf: () => string): void => {
      const cause = kind === "unknownFlag" ? "unknown flag" : "invalid subject";
      this.#mistakes.count(kind);
      if (reportsMistakes) this.#mistakes.report(flagKey, cause, () => ({ message: textOf() }));
    };
    if (reportsMistakes && isObject(flagKey) && flagKey !== null) {
      this.#mistakes.report("", "invalid arguments", () => ({ message: OBJECT_FLAG_TEXT }));
    }
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
      note("invalidSubject", () => attributesText(subject.attributes, isForBandit, pin !== null));
    }
  }

  /** Only used for the first calls, because callers make these mistakes from the start. */
  checkSubject(call: Call<object>): void {
    const { flagKey, reportsMistakes, subject } = call;
    const { attributes, key } = subject;
    this.#mode.subjectChecks -= 1;
    if (!reportsMistakes) return;
    const message = isPlaceholder(key)
      ? placeholderText(String(key))
      : typeof key === "string" && key !== key.trim()
        ? paddedSubjectText()
        : isOtherObject(attributes)
          ? attributesText(attributes, call.isForBandit, call.pin !== null)
          : null;
    if (message !== null) {
      this.#mode.subjectChecks = 0;
      this.#mistakes.report(flagKey, "invalid subject", () => ({ message }));
    } else {
      this.#noteMisnamed(call);
    }
  }

  /**
   * Reports a default value that is missing or that the getter cannot return, a subject that is passed again to the client of
   * `forSubject`, or arguments in OpenFeature's order.
   */
  noteDefault(call: Call<object>, given: unknown): void {
    const { expectedType, flagKey, getters, pin, reportsMistakes, subject } = call;
    // `checkArguments` reports a default value in the place of the attributes.
    if (!reportsMistakes || typeof subject.attributes !== "object") return;
    if (pin !== null && getters !== null) {
      const message = noSnapshotDefaultText(keyName(flagKey));
      if (given === undefined)
        this.#mistakes.report(flagKey, "no default value", () => ({ message }));
      return;
    }
    if (expectedType === null) return;
    const getter = getterOf(expectedType, getters);
    const areAttributes = pin !== null && expectedType !== "json" && isObject(given);
    // Dialects that need no key may have an empty one, which is also a usual default value.
    const isSubject = typeof given === "string" && given !== "" && given === pin?.subjectKey;
    const typeText = (): string | null =>
      areAttributes && given !== null
        ? attributesAgainText(getter)
        : defaultTypeText(given, expectedType, getter);
    const [cause, message] = isSubject
      ? (["subject passed again", subjectAgainText(getter)] as const)
      : given !== undefined
        ? (["default value of another type", typeText()] as const)
        : hasTargetingKey(subject.attributes)
          ? (["arguments in another order", orderText(getter)] as const)
          : (["no default value", noDefaultText(getter, pin !== null)] as const);
    if (message !== null) this.#mistakes.report(flagKey, cause, () => ({ message }));
  }

  /** Reports the key of a flag where a request is expected, or a request that does not have one. */
  noteRequest(request: unknown): void {
    const isKey = typeof request === "string";
    const message = isKey ? REQUEST_TEXT : NO_FLAG_KEY_TEXT;
    this.#mistakes.report(isKey ? request : "", "no request", () => ({ message }));
  }

  /**
   * Reports an attribute that the flag did not find, if the subject has it in another case, or with other punctuation, such as
   * without `$` or `_`, or within another attribute, or as a string instead of a number. To find out what the flag reads, it
   * is evaluated again.
   */
  #noteMisnamed(call: Call<object>): void {
    const { flagKey, served, subject } = call;
    try {
      const given = Object.keys(subject.attributes);
      const flag = given.length === 0 ? null : (served?.flag(flagKey) ?? null);
      if (flag === null) return;
      const read = new Set<string>();
      const again = call.withAttributes(watched(subject.attributes, read));
      const isByRule = isRuled(flag.evaluate(again.subject, again));
      for (const name of read) {
        if (Object.hasOwn(subject.attributes, name)) {
          if (!isByRule) this.#noteForm(call, flag, name);
          continue;
        }
        const other = otherSpelling(
          name,
          given.filter((it) => !read.has(it)),
        );
        // The `id` of another object is usually not the subject's, which is its key.
        const outer =
          name === "id" && !this.#readsNestedAttributes
            ? undefined
            : given.find((it) => !read.has(it) && hasMember(subject.attributes[it], name));
        if (other === null && outer === undefined) continue;
        // The object itself needs no second report.
        if (other === null) this.#isNewNested(keyName(flagKey), outer);
        const message =
          other === null
            ? innerText(keyName(flagKey), name, keyName(outer))
            : misnamedText(keyName(flagKey), name, keyName(other));
        const describe = () => ({ message, facts: { attribute: name } });
        this.#mistakes.report(flagKey, "attribute with another name", describe);
      }
    } catch {
      // A flag may be malformed, and attributes may be a proxy that throws. Neither must change the result.
    }
  }

  /**
   * Reports an attribute that is a string, if a rule would apply if it was the number, or a date, which Eppo's rules cannot
   * compare. Called if no rule applies.
   */
  #noteForm(call: Call<object>, flag: CompiledFlag, attribute: string): void {
    const { attributes } = call.subject;
    const value: unknown = attributes[attribute];
    if (value instanceof Date && !this.#readsNestedAttributes) {
      this.#reportNested(keyName(call.flagKey), attribute, value);
    }
    // A number that is written differently, such as 02134, may be a text in rules, too.
    if (typeof value !== "string" || !/\d$/.test(value) || `${Number(value)}` !== value) return;
    const again = call.withAttributes({ ...attributes, [attribute]: Number(value) });
    if (!isRuled(flag.evaluate(again.subject, again))) return;
    this.#mistakes.report(call.flagKey, "string instead of a number", () => ({
      message: numeralAttributeText(keyName(call.flagKey), keyName(attribute)),
      facts: { attribute },
    }));
  }

  /** Reports a call without a configuration, once. */
  noteEarly(flagKey: unknown): void {
    if (this.#mode.hasReportedEarlyCall) return;
    this.#mode.hasReportedEarlyCall = true;
    const name = keyName(flagKey);
    const message = tooEarlyText(name, this.#emptyClient());
    const cause = "evaluated before ready";
    this.#diagnostics.warn(message, { cause, flagKey: name });
  }

  noteUnknown(call: Call<object>): void {
    const { expectedType, flagKey, getters, pin, reportsMistakes, served, subject } = call;
    this.#mistakes.count("unknownFlag");
    if (!reportsMistakes) return;
    this.#mistakes.report(flagKey, "unknown flag", () => {
      const name = keyName(flagKey);
      if (isFlag(served, subject.key) && (pin === null || getters === null)) {
        const getter = pin === null ? null : getterOf(expectedType ?? "string");
        return { message: swappedText(name, keyName(subject.key), getter) };
      }
      const keys = served?.flagKeys;
      const nearest = nearestName(name, keys ?? [], Math.floor(name.length / 3));
      const count = keys?.size ?? 0;
      const issue = count === 0 ? served?.issues[0] : undefined;
      const problem = issue === undefined ? null : `${issue.path} ${issue.message}`;
      const environment = served?.environment ?? null;
      const message = unknownFlagText(
        name,
        nearest,
        count,
        environment,
        problem,
        memberOf(name, served),
      );
      return { message, ...(nearest === null ? {} : { facts: { nearest } }) };
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

  /** Reports attributes that rules cannot read. Called if no allocation applied. */
  noteUnmatched(call: Call<object>): void {
    if (!call.reportsMistakes) return;
    const checks = this.#unmatchedChecks.get(call.flagKey) ?? 0;
    if (checks >= UNMATCHED_CHECKS) return;
    this.#unmatchedChecks.set(call.flagKey, checks + 1);
    this.#noteMisnamed(call);
    this.#noteNested(call);
  }

  /** Reports once for each flag and attribute. They are not counted, because they may be intended only for events. */
  #noteNested({ flagKey, subject: { attributes } }: Call<object>): void {
    if (this.#readsNestedAttributes) return;
    try {
      for (const [name, value] of Object.entries(attributes)) {
        if (isNested(value)) this.#reportNested(keyName(flagKey), name, value);
      }
    } catch {
      // A getter or a proxy of the caller may throw. This must not change the result.
    }
  }

  #reportNested(flagKey: string, attribute: string, value: unknown): void {
    if (!this.#isNewNested(flagKey, attribute)) return;
    const message = nestedText(flagKey, keyName(attribute), value);
    this.#diagnostics.warn(message, { cause: "nested attribute", flagKey, attribute });
  }

  /** Whether an attribute was not reported before. */
  #isNewNested(flagKey: string, attribute: unknown): boolean {
    this.#nested ??= new OncePerCause();
    return this.#nested.first(flagKey, attribute) !== null;
  }

  noteIgnoredOverride({ flagKey, reportsMistakes }: Call<object>, problem: string): void {
    this.#mistakes.count("ignoredOverride");
    if (!reportsMistakes) return;
    this.#mistakes.report(flagKey, "override ignored", () => ({
      message: ignoredOverrideText(keyName(flagKey), problem),
      facts: { problem },
    }));
  }

  /** Reports a variation that was passed to `exposed`. */
  noteShownAs(flagKey: unknown): void {
    const message = exposedText(keyName(flagKey));
    this.#mistakes.report(flagKey, "exposed with a variation", () => ({ message }));
  }

  /**
   * Reports that a flag was shown, but not read.
   *
   * @param read - the keys that were read.
   */
  noteUnread(flagKey: unknown, read: readonly string[]): void {
    this.#mistakes.report(flagKey, "exposed without a read", () => {
      if (typeof flagKey !== "string") return { message: UNREAD_KEY_TEXT };
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
    const { isGraceful } = this.#mode;
    this.#mistakes.report(flagKey, cause, () => {
      const valueType = call?.flag?.valueType ?? "unknown";
      const expectedType = call?.expectedType ?? null;
      const asked = call?.isForNumber ? "number" : expectedType;
      // If the types are equal, the variation's value does not fit, and no other getter would help.
      const isOther = expectedType !== null && expectedType !== valueType;
      const message =
        isMismatch && valueType !== "unknown" && isOther && asked !== null
          ? wrongTypeText(keyName(flagKey), valueType, asked, isGraceful, call?.getters ?? null)
          : failedText(problemOf(error, keyName(flagKey)), isGraceful) +
            otherGetter(isMismatch, call);
      return { message };
    });
  }
}

/** Returns the continuation that names the getter of a flag without a declared type. Empty: there is none. */
function otherGetter(isMismatch: boolean, call: Call<object> | null): string {
  if (!isMismatch || call === null || (call.flag?.valueType ?? null) !== null) return "";
  try {
    const again = call.withAttributes(call.subject.attributes);
    const evaluation = call.flag?.evaluate(again.subject, again);
    if (evaluation?.kind !== "assigned") return "";
    const { json, value } = evaluation;
    const found = TYPES.find((it) => fitsGetter(json === null ? value : JSON.parse(json), it));
    return found === undefined ? "" : `; use ${getterOf(found, call.getters)}`;
  } catch {
    return ""; // a malformed flag, or attributes that throw
  }
}

/** Returns the flag and the rest of a key such as `config.parameter`, or `null` if there is no such flag. */
function memberOf(key: string, served: Configuration | null): readonly [string, string] | null {
  const at = key.indexOf(".");
  const flag = key.slice(0, at);
  return at > 0 && isFlag(served, flag) ? [flag, key.slice(at + 1)] : null;
}

/** Whether a key is what JavaScript writes for a value that is missing, or for an object. */
function isPlaceholder(key: unknown): boolean {
  const isText = typeof key === "string" || typeof key === "number";
  return isText && /^(undefined|null|NaN|\[object \w+\])$/.test(String(key));
}

/** Whether the conditions of a rule decided. */
function isRuled(evaluation: Evaluation): boolean {
  return evaluation.kind === "assigned" && evaluation.reason === "rule";
}

function hasMember(value: unknown, name: string): boolean {
  return isNested(value) && Object.hasOwn(value as object, name);
}

function isBlank(key: unknown): boolean {
  if (key === null || key === undefined || typeof key === "symbol") return true;
  return (key as { readonly length?: unknown }).length === 0; // e.g. an empty array
}

function blank(argument: "subjectKey" | "flagKey", flagKey: string): EvaluationError {
  const message = `Invalid argument: ${argument} cannot be blank`;
  return new EvaluationError("SORTITION_INVALID_ARGUMENT", keyName(flagKey), message);
}

function hasTargetingKey(attributes: unknown): boolean {
  try {
    return isObject(attributes) && "targetingKey" in attributes;
  } catch {
    return false; // a proxy of the caller may throw
  }
}

/** Whether attributes are an object whose members are not attributes, such as a `Map`. */
function isOtherObject(attributes: unknown): boolean {
  return Array.isArray(attributes) || attributes instanceof Map || isPromise(attributes);
}
