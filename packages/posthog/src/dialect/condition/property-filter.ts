import type { PatternGuard } from "@sortition/core/dialect";
import { messageOf } from "@sortition/core/dialect-internal";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import { compileDate, readDateLimit } from "./dates.js";
import { compileExact } from "./exact.js";
import { exactText } from "./exact-text.js";
import { compileRegex } from "./portable-regex.js";
import { FALSE, MISSING_CONTEXT, not, type Tri, triOf, UNSUPPORTED } from "./tri.js";
import { compileVersion } from "./version.js";

/** Returns whether the subject of a call passes a filter. May throw if the vendor's SDK throws. */
export type FilterTest = (call: EvaluationCall) => Tri;

/** Tests a value other than `undefined`. */
type ValueTest = (value: unknown, call: EvaluationCall) => Tri;

export interface PropertyFilter {
  readonly test: FilterTest;
  /**
   * Returns whether the filter itself is unusable, regardless of the call's properties. May throw like {@link test}.
   */
  readonly isUnsupported: () => boolean;
}

/** Operators that treat `null` as the string `null`. For all others, `null` does not match. */
const TAKES_NULL: ReadonlySet<unknown> = new Set([
  ...["exact", "is_not", "icontains", "not_icontains", "starts_with", "not_starts_with"],
  ...["ends_with", "not_ends_with", "regex", "not_regex"],
]);

/** Properties that may come from another source than the caller's object, or that are ignored although they exist. */
const SPECIAL_KEYS: ReadonlySet<string> = new Set([
  ...["distinct_id", "$group_key", "$groups", "$group_properties"],
]);

/**
 * Compiles a filter on a property of the person or the group.
 *
 * @param filter - as received, any JSON value except `null`.
 * @see src/README.md, "Filters"
 */
export function compileProperty(
  filter: unknown,
  path: string,
  guard: PatternGuard,
): PropertyFilter {
  const { key: rawKey, operator: rawOperator, value } = filter as Record<string, unknown>;
  const operator = rawOperator || "exact";
  let key: string;
  let unusable: Tri;
  let testValue: ValueTest;
  try {
    key = String(rawKey);
    unusable = isSupported(operator, value) ? MISSING_CONTEXT : UNSUPPORTED;
    testValue = compileOperator(operator, value, unusable, path, guard);
  } catch (cause) {
    // An object without a string form, because its `toString` is data. The vendor throws when it is reached.
    return failing(`${path}: ${messageOf(cause)}`);
  }
  const isUnsupported = unusable === UNSUPPORTED ? always : never;
  const missing = (call: EvaluationCall): Tri => {
    call.noteMissing(key);
    return unusable;
  };
  if (operator === "is_set" || operator === "is_not_set") {
    const present = triOf(operator === "is_set");
    return { test: (call) => (call.has(key) ? present : missing(call)), isUnsupported };
  }
  const takesNull = TAKES_NULL.has(operator);
  const testAny: ValueTest = (actual, call) => {
    if (actual === undefined) return UNSUPPORTED;
    return actual === null && !takesNull ? FALSE : testValue(actual, call);
  };
  if (!isOrdinaryKey(key)) {
    return {
      test: (call) => (call.has(key) ? testAny(call.read(key), call) : missing(call)),
      isUnsupported,
    };
  }
  const test: FilterTest = (call) => {
    const { properties } = call;
    // A plain object inherits only the names of `Object.prototype`, so any other member is its own.
    if (!call.arePlain && !Object.hasOwn(properties, key)) return missing(call);
    const actual = properties[key];
    if (typeof actual === "string") return testValue(actual, call);
    if (actual === undefined) return Object.hasOwn(properties, key) ? UNSUPPORTED : missing(call);
    return testAny(actual, call);
  };
  return { test, isUnsupported };
}

function always(): boolean {
  return true;
}

function never(): boolean {
  return false;
}

/** A separate function, so that the closures above do not keep the message's path in memory. */
function failing(message: string): PropertyFilter {
  const fail = (): never => {
    throw new TypeError(message);
  };
  return { test: fail, isUnsupported: fail };
}

/** Returns whether a property with this name can only come from the caller's object. */
export function isOrdinaryKey(key: string): boolean {
  return !SPECIAL_KEYS.has(key) && !(key in Object.prototype);
}

/** Returns whether an operator exists. */
export function isOperator(operator: unknown): boolean {
  if (SIMPLE.has(operator) || OTHERS.has(operator)) return true;
  return versionTest(operator, "0.0.0", MISSING_CONTEXT) !== null;
}

/** Returns whether local evaluation can use the filter for any property. */
function isSupported(operator: unknown, value: unknown): boolean {
  switch (operator) {
    case "exact":
    case "is_not":
      return (Array.isArray(value) ? value : [value]).every((item) => exactText(item) !== null);
    case "is_date_after":
    case "is_date_before":
      return readDateLimit(value) !== null;
    default: {
      if (SIMPLE.has(operator)) return true;
      const test = versionTest(operator, value, MISSING_CONTEXT);
      return test !== null && test("0.0.0") !== UNSUPPORTED;
    }
  }
}

const OTHERS: ReadonlySet<unknown> = new Set([
  ...["exact", "is_not", "is_date_after", "is_date_before"],
]);

/** Operators that accept any value. */
const SIMPLE: ReadonlySet<unknown> = new Set([
  ...["is_set", "is_not_set", "icontains", "not_icontains", "starts_with", "not_starts_with"],
  ...["ends_with", "not_ends_with", "regex", "not_regex", "gt", "gte", "lt", "lte"],
]);

function compileOperator(
  operator: unknown,
  value: unknown,
  unusable: Tri,
  path: string,
  guard: PatternGuard,
): ValueTest {
  switch (operator) {
    case "exact":
    case "is_not": {
      const test = compileExact(value, unusable);
      return operator === "exact" ? test : (actual, call) => not(test(actual, call));
    }
    case "icontains":
    case "not_icontains":
      return compileText(value, operator === "icontains", (text, part) => text.includes(part));
    case "starts_with":
    case "not_starts_with":
      return compileText(value, operator === "starts_with", (text, part) => text.startsWith(part));
    case "ends_with":
    case "not_ends_with":
      return compileText(value, operator === "ends_with", (text, part) => text.endsWith(part));
    case "regex":
    case "not_regex":
      return compilePattern(String(value), operator === "regex", path, guard);
    case "gt":
      return compileOrder(value, (left, right) => left > right);
    case "gte":
      return compileOrder(value, (left, right) => left >= right);
    case "lt":
      return compileOrder(value, (left, right) => left < right);
    case "lte":
      return compileOrder(value, (left, right) => left <= right);
    case "is_date_before":
    case "is_date_after": {
      const test = compileDate(value, operator === "is_date_before", unusable);
      return (actual, call) => test(actual, call.nowMs);
    }
    default:
      return versionTest(operator, value, unusable) ?? (() => UNSUPPORTED);
  }
}

function versionTest(operator: unknown, value: unknown, unusable: Tri) {
  const [, name] = /^semver_(\w+)$/.exec(typeof operator === "string" ? operator : "") ?? [];
  return name === undefined ? null : compileVersion(name, value, unusable);
}

function compileText(
  value: unknown,
  expected: boolean,
  isMatch: (text: string, part: string) => boolean,
): ValueTest {
  const part = foldAscii(String(value));
  return (actual) => triOf(isMatch(foldAscii(String(actual)), part) === expected);
}

/** Quirk: only A–Z are folded, as on the server (posthog). */
function foldAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : text;
}

function compilePattern(
  source: string,
  expected: boolean,
  path: string,
  guard: PatternGuard,
): ValueTest {
  const { isValid, test } = compileRegex(source, (regex) => guard(regex, path));
  if (!isValid) return () => FALSE;
  return expected ? (actual) => test(String(actual)) : (actual) => not(test(String(actual)));
}

function compileOrder(
  value: unknown,
  isMatch: (left: number | string, right: number | string) => boolean,
): ValueTest {
  const text = String(value);
  const number = typeof value === "number" ? value : Number.parseFloat(text);
  const isNumber = Number.isFinite(number);
  return (actual) => {
    if (isNumber) {
      const left = typeof actual === "number" ? actual : Number.parseFloat(String(actual));
      if (Number.isFinite(left)) return triOf(isMatch(left, number));
    }
    return triOf(isMatch(String(actual), text));
  };
}
