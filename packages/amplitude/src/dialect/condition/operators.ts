import {
  type DecodeError,
  type PatternGuard,
  type Report,
  unexpected,
} from "@sortition/core/dialect";
import {
  type Deciding,
  decidingOf,
  isErrorBudgetSpent,
  messageOf,
  unknownWord,
} from "@sortition/core/dialect-internal";
import { elementsIn } from "../evaluation/decoded.js";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import type { Selector } from "./selector.js";
import { isPlainText, listOf, textOf } from "./text.js";
import { compareAmplitudeVersions, parseAmplitudeVersion } from "./version.js";

/**
 * Selects the value of a condition and tests it. The value is `undefined` or `null` if it is
 * absent.
 */
export type ConditionTest = (call: EvaluationCall) => boolean;

/** Tests a value, or an element of a list, as a string. */
type TextTest = (text: string) => boolean;
type ListTest = (list: readonly string[]) => boolean;

/** Result for an absent value, depending on whether `(none)` is among the listed values. */
type Absent = "if-none-listed" | "unless-none-listed" | "never";

type Operator =
  | {
      readonly absent: Absent;
      compile(values: readonly unknown[], report: ReportValue, testOf: TestOf): TextTest;
    }
  | { readonly absent: Absent; compileSet(values: readonly unknown[]): ListTest };

/** Reports a listed value that the operator cannot use. */
type ReportValue = (index: number, expected: string, cause?: unknown) => DecodeError;

/**
 * Returns a test of strings that replaces a listed pattern, or `null` if the pattern is refused.
 */
type TestOf = (pattern: RegExp, index: number) => ReturnType<PatternGuard>;

const NONE = "(none)";

/** Input of {@link compileOperator}. */
export interface OperatorSource {
  readonly op: unknown;
  readonly select: Selector;
  readonly values: unknown;
  /** JSON path of the condition. */
  readonly path: string;
  readonly report: Report;
  readonly guard: PatternGuard;
}

/** Compiles an operator with its listed values. An unknown operator never matches. */
export function compileOperator(source: OperatorSource): ConditionTest {
  const { guard, op, report, select, values } = source;
  const path = `${source.path}.values`;
  const operator = typeof op === "string" ? OPERATORS.get(op) : undefined;
  if (operator === undefined) {
    const error = unknownWord(`${source.path}.op`, "operator", op, "which never matches");
    report(error, "unknown-operator");
  }
  if (!Array.isArray(values)) {
    const error = unexpected(path, "an array", values);
    report(error);
    // Quirk: set operators only test lists. Set operators and `contains` iterate a string,
    // `contain` iterates anything with a length, and `set is` iterates an absent value (amplitude).
    const iterating = typeof values === "string" ? /set|contain/ : values ? /contain/ : /set is/;
    const elements =
      operator !== undefined && iterating.test(op as string) ? elementsIn(values ?? "") : null;
    const test = elements && compileOperator({ ...source, values: elements });
    return (call) => {
      const value = select(call) ?? null;
      if (value !== null) {
        if (test !== null) return test(call);
        if (operator === undefined) return false;
        if ("compileSet" in operator && listOf(value) === null) return false;
      }
      throw error;
    };
  }
  const listed: readonly unknown[] = values;
  if (operator === undefined) return () => false;
  const hasNone = listed.includes(NONE);
  const absent =
    operator.absent === "if-none-listed"
      ? hasNone
      : operator.absent === "unless-none-listed" && !hasNone;
  if ("compileSet" in operator) {
    return testingList(select, absent, operator.compileSet(listed));
  }
  const reportValue: ReportValue = (index, expected) => {
    const error = unexpected(`${path}[${index}]`, expected, listed[index]);
    report(error);
    return error;
  };
  const testOf: TestOf = (pattern, index) => guard(pattern, `${path}[${index}]`);
  return testingText(select, absent, compiled(operator, listed, reportValue, testOf));
}

/**
 * A value that cannot be converted to a string, such as an object, fails when an evaluation reaches it, not during
 * compilation.
 */
function compiled(
  operator: Extract<Operator, { compile: unknown }>,
  values: readonly unknown[],
  report: ReportValue,
  testOf: TestOf,
): TextTest {
  try {
    return operator.compile(values, report, testOf);
  } catch {
    const index = values.findIndex((value) => typeof value === "object");
    const error = report(index, "a string");
    return () => {
      throw error;
    };
  }
}

// Selects and tests in one function, because a call between the two costs as much as most tests.
function testingText(select: Selector, absent: boolean, test: TextTest): ConditionTest {
  return (call) => {
    const value = select(call);
    if (isPlainText(value)) return test(value);
    if (value === undefined || value === null) return absent;
    const list = listOf(value);
    if (list !== null) return list.some((element) => test(element));
    const text = textOf(value);
    return text !== undefined && test(text);
  };
}

function testingList(select: Selector, absent: boolean, test: ListTest): ConditionTest {
  return (call) => {
    const value = select(call);
    if (value === undefined || value === null) return absent;
    const list = listOf(value);
    return list !== null && test(list);
  };
}

/** All operators of the vendor's engine, in their exact spelling. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["is", { absent: "if-none-listed", compile: isAnyOf }],
  ["is not", { absent: "unless-none-listed", compile: (it, report) => not(isAnyOf(it, report)) }],
  ["contains", { absent: "if-none-listed", compile: containsAnyOf }],
  [
    "does not contain",
    { absent: "unless-none-listed", compile: (it, report) => not(containsAnyOf(it, report)) },
  ],
  ["less", /* @__PURE__ */ numeric("last", (a, b) => a < b)],
  ["less or equal", /* @__PURE__ */ numeric("last", (a, b) => a <= b)],
  ["greater", /* @__PURE__ */ numeric("first", (a, b) => a > b)],
  ["greater or equal", /* @__PURE__ */ numeric("first", (a, b) => a >= b)],
  [
    "version less",
    /* @__PURE__ */ versioned(
      "last",
      (order) => order < 0,
      (a, b) => a < b,
    ),
  ],
  [
    "version less or equal",
    /* @__PURE__ */ versioned(
      "last",
      (order) => order <= 0,
      (a, b) => a <= b,
    ),
  ],
  [
    "version greater",
    /* @__PURE__ */ versioned(
      "first",
      (order) => order > 0,
      (a, b) => a > b,
    ),
  ],
  [
    "version greater or equal",
    /* @__PURE__ */ versioned(
      "first",
      (order) => order >= 0,
      (a, b) => a >= b,
    ),
  ],
  ["regex match", { absent: "never", compile: /* @__PURE__ */ patternTest(true) }],
  ["regex does not match", { absent: "never", compile: /* @__PURE__ */ patternTest(false) }],
  ["set is", { absent: "if-none-listed", compileSet: isSet }],
  ["set is not", { absent: "never", compileSet: (values) => notList(isSet(values)) }],
  ["set contains", { absent: "if-none-listed", compileSet: containsAll }],
  [
    "set does not contain",
    { absent: "unless-none-listed", compileSet: (values) => notList(containsAll(values)) },
  ],
  ["set contains any", { absent: "if-none-listed", compileSet: containsAny }],
  [
    "set does not contain any",
    { absent: "unless-none-listed", compileSet: (values) => notList(containsAny(values)) },
  ],
]);

function not(test: TextTest): TextTest {
  return (text) => !test(text);
}

function notList(test: ListTest): ListTest {
  return (list) => !test(list);
}

/** Up to this number of values, searching a list is as fast as searching a set. */
const SMALL_LIST = 8;

function isAnyOf(values: readonly unknown[], report: ReportValue): TextTest {
  const faulty = values.findIndex((value) => typeof value !== "string");
  if (faulty !== -1) {
    report(faulty, "a string");
    return isAmongFaulty(values, faulty);
  }
  const texts = values as readonly string[]; // just checked
  const [only] = texts;
  if (texts.some(isBooleanText)) {
    return membershipOf(texts);
  }
  if (texts.length === 1) return (text) => text === only;
  if (texts.length <= SMALL_LIST) return isInSmallList(texts);
  const set = new Set(texts);
  return (text) => set.has(text);
}

function isInSmallList(texts: readonly string[]): TextTest {
  return (text) => {
    // Indexed loop, because `includes` compares through a separate function.
    for (let i = 0; i < texts.length; i++) if (texts[i] === text) return true;
    return false;
  };
}

/** Tests strings against listed values of which one, the first faulty one, is not a string. */
function isAmongFaulty(values: readonly unknown[], faulty: number): TextTest {
  const fails: TextTest = (text) => isAmong(text, values);
  const hasBoolean = values.slice(0, faulty).some((it) => isBooleanText(lowerOf(it)));
  if (!hasBoolean) return fails;
  const set = new Set(values);
  return (text) => (isBooleanText(text) ? fails(text) : set.has(text));
}

/**
 * Whether a value is among others. If both the value and one of the others are `true` or `false` in
 * any case, case is ignored.
 *
 * @throws TypeError where the vendor converts the case of something that is not a string.
 */
function isAmong(value: unknown, others: readonly unknown[]): boolean {
  if (others.some((other) => isBooleanText(lowerOf(other)))) {
    const lower = lowerOf(value);
    if (isBooleanText(lower)) return others.some((other) => lowerOf(other) === lower);
  }
  return others.includes(value);
}

/**
 * Prepares {@link isAmong} for others that are strings. Takes one pass over them, so that a test of many values takes no more
 * than a pass over both lists.
 */
function membershipOf(others: readonly string[]): (value: unknown) => boolean {
  const texts = new Set<unknown>(others);
  const booleans = new Set(others.filter(isBooleanText).map((it) => it.toLowerCase()));
  if (booleans.size === 0) return (value) => texts.has(value);
  return (value) => {
    const lower = lowerOf(value);
    return isBooleanText(lower) ? booleans.has(lower) : texts.has(value);
  };
}

function lowerOf(value: unknown): string {
  if (typeof value === "string") return value.toLowerCase();
  throw new TypeError("a listed value is not a string");
}

function isBooleanText(text: string): boolean {
  if (text.length !== 4 && text.length !== 5) return false;
  const lower = text.toLowerCase();
  return lower === "true" || lower === "false";
}

function containsAnyOf(values: readonly unknown[], report: ReportValue): TextTest {
  const parts = values.map((value, index) =>
    typeof value === "string" ? value.toLowerCase() : report(index, "a string"),
  );
  return (text) => {
    const lower = text.toLowerCase();
    return parts.some((part) => {
      if (typeof part !== "string") throw part;
      return lower.includes(part);
    });
  };
}

/** Compares with `Number()`. A comparison with `NaN` is false. */
function numeric(deciding: Deciding, compare: (a: number, b: number) => boolean): Operator {
  return {
    absent: "if-none-listed",
    compile(values) {
      const numbers = values.map(Number).filter((number) => !Number.isNaN(number));
      const bound = decidingOf(numbers, deciding, (a, b) => (a < b ? -1 : 1));
      return bound === undefined ? () => false : (text) => compare(Number(text), bound);
    },
  };
}

/** Compares versions, or the original strings if one side is not a version. */
function versioned(
  deciding: Deciding,
  isOrdered: (order: number) => boolean,
  compareTexts: (a: string, b: string) => boolean,
): Operator {
  return {
    absent: "if-none-listed",
    compile(values) {
      const versions = values.flatMap((value) => {
        const version = value ? parseAmplitudeVersion(String(value)) : null;
        return version === null ? [] : [version];
      });
      const bound = decidingOf(versions, deciding, compareAmplitudeVersions);
      // The vendor compares with the unconverted value of any type. Strings are in order, so one of them decides.
      const texts = values.every((it) => typeof it === "string")
        ? [decidingOf(values, deciding, (a, b) => (a < b ? -1 : 1)) ?? []].flat()
        : values;
      return (text) => {
        const version = bound === undefined ? null : parseAmplitudeVersion(text);
        if (version !== null && bound !== undefined) {
          return isOrdered(compareAmplitudeVersions(version, bound));
        }
        return texts.some((listed) => compareTexts(text, listed as string));
      };
    },
  };
}

/**
 * @param expected - true if a pattern must match, false if no pattern may match. The test fails for
 * all users if a pattern is refused.
 */
function patternTest(
  expected: boolean,
): (values: readonly unknown[], report: ReportValue, testOf: TestOf) => TextTest {
  return (values, report, testOf) => {
    let isBroken = false;
    const patterns = values.map((value, index) => {
      // Patterns after an invalid one are never tested.
      if (isBroken && isErrorBudgetSpent()) return report(index, "a regular expression");
      try {
        return testOf(new RegExp(value as string), index);
      } catch (cause) {
        isBroken = true;
        return report(index, `a regular expression (${messageOf(cause)})`);
      }
    });
    return (text) => {
      let isSure = true;
      for (const pattern of patterns) {
        // The vendor only fails when it reaches the pattern.
        if (pattern instanceof Error) throw pattern;
        const found = pattern === null ? null : pattern.test(text);
        if (found === true) return expected;
        if (found === null) isSure = false;
      }
      return isSure && !expected;
    };
  };
}

function isSet(values: readonly unknown[]): ListTest {
  const set = new Set(values);
  return (list) => {
    const elements = new Set<unknown>(list);
    if (elements.size !== set.size) return false;
    for (const value of set) if (!elements.has(value)) return false;
    return true;
  };
}

/** Quirk: lengths are compared before duplicates are removed (amplitude). */
function containsAll(values: readonly unknown[]): ListTest {
  return (list) => list.length >= values.length && values.every(memberTest(values, list));
}

function containsAny(values: readonly unknown[]): ListTest {
  if (values.length > SMALL_LIST && values.every((it) => typeof it === "string")) {
    // A string is among the values exactly if the values contain it, because both ignore case for the same strings.
    const isListed = membershipOf(values);
    return (list) => list.some(isListed);
  }
  return (list) => values.some(memberTest(values, list));
}

/** Returns whether a value is in a list. Searches a short list, where creating a set takes longer. */
function memberTest(values: readonly unknown[], list: readonly string[]) {
  if (values.length <= SMALL_LIST) return (value: unknown) => isAmong(value, list);
  return membershipOf(list);
}
