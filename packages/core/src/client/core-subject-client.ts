import { OptionError } from "../errors/errors.js";
import { explainedOn, rejectUnknownOptions, requireOptions } from "../errors/option-checks.js";
import type { ExposureOutcome } from "../events/exposure-outcome.js";
import type { PlainExposure } from "../events/plain-exposure.js";
import type { Attributes } from "../model/attributes.js";
import type { Answers } from "./evaluation/answers.js";
import { isNested } from "./evaluation/argument-kinds.js";
import type { AssignmentDetails } from "./evaluation/assignment-details.js";
import type { ExpectedType } from "./evaluation/evaluation-request.js";
import type { Getters } from "./evaluation/mistake-texts.js";
import type { PinnedResult } from "./evaluation/pinned-result.js";
import type { SubjectAnswers } from "./evaluation/subject-answers.js";
import { type OverrideMap, readOverrides } from "./overrides.js";
import type { ReadWithExposures } from "./read-with-exposures.js";
import type { SubjectClient, SubjectOptions } from "./subject-client.js";

const OPTIONS: readonly (keyof SubjectOptions)[] = [
  ...(["subjectKey", "attributes", "extras", "overrides", "exposures"] as const),
];
const NO_OVERRIDES: OverrideMap = /* @__PURE__ */ new Map();
const NO_ATTRIBUTES: Attributes = /* @__PURE__ */ Object.freeze({});

/** What to write in a snapshot, whose defaults select the getters. */
const DEFAULTS: Getters = {
  boolean: "a boolean as its default in snapshot({ … })",
  integer: "a number as its default in snapshot({ … })",
  numeric: "a number as its default in snapshot({ … })",
  string: "a string as its default in snapshot({ … })",
  json: "an object as its default in snapshot({ … })",
};

const FORM = "write forSubject({ subjectKey, attributes })";

/** The client that `forSubject` creates. */
export class CoreSubjectClient<Details extends object> implements SubjectClient<Details> {
  readonly subjectKey: string;
  readonly #answers: SubjectAnswers<Details>;
  readonly #results = new Map<string, PinnedResult<Details>>();

  /**
   * @param attributes - the second argument of a caller that passes one by mistake.
   * @throws OptionError for an unknown option or an invalid value.
   */
  constructor(answers: Answers<Details>, options: SubjectOptions, attributes?: unknown) {
    const isText = typeof options === "string";
    if (isText || isNested(attributes)) {
      const problem = isText ? "got a string" : "takes one argument";
      throw new OptionError("forSubject", `${problem}: ${FORM}`);
    }
    requireOptions(options, "forSubject", `: ${FORM}`);
    for (const name in options) {
      // Checked by name first, because a request should not pay for a list of its options.
      if (OPTIONS.includes(name as keyof SubjectOptions)) continue;
      rejectUnknownOptions(options, OPTIONS, undefined, explainedOn("/reference/client.md"));
    }
    const { exposures = "on-read", extras = null, overrides, subjectKey } = options;
    if (exposures !== "on-read" && exposures !== "on-show") {
      throw new OptionError("exposures", 'expected "on-read" or "on-show"');
    }
    this.subjectKey = subjectKey;
    this.#answers = answers.subject({
      subjectKey,
      attributes: copyOf(options.attributes),
      extras,
      overrides: overrides === undefined ? NO_OVERRIDES : readOverrides(overrides),
      keepsExposures: exposures === "on-show",
    });
  }

  getBooleanAssignment(flagKey: string, defaultValue: boolean): boolean {
    return this.#result(flagKey, "boolean", defaultValue).read(defaultValue);
  }

  getIntegerAssignment(flagKey: string, defaultValue: number): number {
    return this.#result(flagKey, "integer", defaultValue).read(defaultValue);
  }

  getNumericAssignment(flagKey: string, defaultValue: number): number {
    return this.#result(flagKey, "numeric", defaultValue).read(defaultValue);
  }

  getStringAssignment(flagKey: string, defaultValue: string): string {
    return this.#result(flagKey, "string", defaultValue).read(defaultValue);
  }

  getJSONAssignment<T extends object | null>(flagKey: string, defaultValue: T): T {
    return this.#result(flagKey, "json", defaultValue).read(defaultValue);
  }

  getBooleanAssignmentDetails(
    flagKey: string,
    defaultValue: boolean,
  ): AssignmentDetails<boolean, Details> {
    return this.#details(flagKey, "boolean", defaultValue);
  }

  getIntegerAssignmentDetails(
    flagKey: string,
    defaultValue: number,
  ): AssignmentDetails<number, Details> {
    return this.#details(flagKey, "integer", defaultValue);
  }

  getNumericAssignmentDetails(
    flagKey: string,
    defaultValue: number,
  ): AssignmentDetails<number, Details> {
    return this.#details(flagKey, "numeric", defaultValue);
  }

  getStringAssignmentDetails(
    flagKey: string,
    defaultValue: string,
  ): AssignmentDetails<string, Details> {
    return this.#details(flagKey, "string", defaultValue);
  }

  getJSONAssignmentDetails<T extends object | null>(
    flagKey: string,
    defaultValue: T,
  ): AssignmentDetails<T, Details> {
    return this.#details(flagKey, "json", defaultValue);
  }

  exposed(flagKey: string): readonly ExposureOutcome[] {
    let result = this.#results.get(flagKey) ?? null;
    if (result === null) this.#answers.noteUnread(flagKey, [...this.#results.keys()]);
    const outcomes: ExposureOutcome[] = [];
    for (; result !== null; result = result.next) outcomes.push(...result.show());
    return outcomes;
  }

  /** Not part of the interface: untyped programs get a sentence instead of a missing method. */
  getBanditAction(): never {
    throw new OptionError("forSubject", "has no bandits: call getBanditAction of the client");
  }

  /** Not part of the interface, see `readWithExposures` of `/internal`. */
  readWithExposures<T>(flagKey: string, defaultValue: T): ReadWithExposures<T> {
    const result = this.#result(flagKey, typeFor(defaultValue), defaultValue, false, DEFAULTS);
    const { isDefault, isOverridden } = result;
    const unshown: PlainExposure[] = [];
    let each = this.#results.get(flagKey) ?? null;
    for (; each !== null; each = each.next) unshown.push(...each.unshown);
    return { value: result.read(defaultValue), isDefault, isOverridden, unshown };
  }

  #details<T>(flagKey: string, type: ExpectedType, defaultValue: T): AssignmentDetails<T, Details> {
    return this.#result(flagKey, type, defaultValue, true).details(defaultValue);
  }

  /**
   * Returns the result of a flag, which is evaluated when it is first read by a getter of this type.
   *
   * @param wantsDetails - whether the events of a first read contain evaluation details.
   */
  #result(
    flagKey: string,
    type: ExpectedType,
    defaultValue: unknown,
    wantsDetails = false,
    getters: Getters | null = null,
  ): PinnedResult<Details> {
    const first = this.#results.get(flagKey);
    for (let known = first ?? null; known !== null; known = known.next) {
      if (known.type === type || (type === "number" && known.isNumber)) return known;
    }
    const result = this.#answers.answer(flagKey, type, defaultValue, wantsDetails, getters);
    result.next = this.#results.get(flagKey) ?? null; // an observer may have read the flag meanwhile
    this.#results.set(flagKey, result);
    return result;
  }
}

/** The type of values for which this is the default. */
function typeFor(defaultValue: unknown): ExpectedType {
  const type = typeof defaultValue;
  switch (type) {
    case "boolean":
    case "string":
    case "number":
      return type;
    case "object":
      return "json";
    default:
      return null;
  }
}

/** Copies plain objects. Other values are mistakes, which the evaluation reports, or have getters that must be kept. */
function copyOf(attributes: Attributes | null | undefined): Attributes {
  if (attributes === null || attributes === undefined) return NO_ATTRIBUTES;
  try {
    const prototype = Object.getPrototypeOf(attributes);
    return prototype === Object.prototype || prototype === null ? { ...attributes } : attributes;
  } catch {
    return attributes; // a getter or a proxy throws, and the evaluation reports it
  }
}
