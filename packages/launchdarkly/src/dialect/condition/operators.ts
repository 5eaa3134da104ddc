import { compareVersions, type PatternGuard, type Version } from "@sortition/core/dialect";
import { type Deciding, decidingOf } from "@sortition/core/dialect-internal";
import { readVersion } from "./version.js";

/** Tests one value of an attribute against the values of a clause. */
export type ValueTest = (value: unknown) => boolean;

/** Compiles the values of a clause. `path` is their JSON path. */
type Operator = (values: readonly unknown[], guard: PatternGuard, path: string) => ValueTest;

/** Quirk: text after a complete date is ignored (launchdarkly). */
const DATE = /^\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d\d*)?(Z|[-+]\d\d(:\d\d)?)/;

/** The operators of clauses, except `segmentMatch`. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  in: (values) => {
    const known = new Set(values);
    return (value) => known.has(value);
  },
  endsWith: ofStrings((value, expected) => value.endsWith(expected)),
  startsWith: ofStrings((value, expected) => value.startsWith(expected)),
  contains: ofStrings((value, expected) => value.includes(expected)),
  matches: (values, guard, path) => {
    const tests = values.flatMap((pattern, i) => patternTests(pattern, guard, `${path}[${i}]`));
    return (value) => typeof value === "string" && tests.some((it) => it.test(value) === true);
  },
  lessThan: ofNumbers("last", (value, expected) => value < expected),
  lessThanOrEqual: ofNumbers("last", (value, expected) => value <= expected),
  greaterThan: ofNumbers("first", (value, expected) => value > expected),
  greaterThanOrEqual: ofNumbers("first", (value, expected) => value >= expected),
  before: ofDates("last", (value, expected) => value < expected),
  after: ofDates("first", (value, expected) => value > expected),
  semVerEqual: equalVersions,
  semVerLessThan: ofVersions("last", (order) => order < 0),
  semVerGreaterThan: ofVersions("first", (order) => order > 0),
};

/** Returns an operator, or `null` for an unknown one, which never matches. */
export function operatorNamed(name: unknown): Operator | null {
  return typeof name === "string" && Object.hasOwn(OPERATORS, name)
    ? (OPERATORS[name] as Operator)
    : null;
}

function ofStrings(test: (value: string, expected: string) => boolean): Operator {
  return (values) => {
    const expected = values.filter((it) => typeof it === "string");
    return (value) => typeof value === "string" && expected.some((it) => test(value, it));
  };
}

function ofNumbers(
  deciding: Deciding,
  test: (value: number, expected: number) => boolean,
): Operator {
  return (values) => {
    const expected = values.filter((it) => typeof it === "number");
    const bound = decidingOf(expected, deciding, (a, b) => a - b);
    return (value) => typeof value === "number" && bound !== undefined && test(value, bound);
  };
}

function ofDates(deciding: Deciding, test: (value: number, expected: number) => boolean): Operator {
  return (values) => {
    const expected = values.map(readDate).filter((it) => !Number.isNaN(it));
    const bound = decidingOf(expected, deciding, (a, b) => a - b);
    return (value) => bound !== undefined && test(readDate(value), bound);
  };
}

function ofVersions(deciding: Deciding, test: (order: number) => boolean): Operator {
  return (values) => {
    const expected = values.map(readVersion).filter((it) => it !== null);
    const bound = decidingOf(expected, deciding, compareVersions);
    return (value) => {
      const version = bound === undefined ? null : readVersion(value);
      return version !== null && bound !== undefined && test(compareVersions(version, bound));
    };
  };
}

/** Searches the sorted versions, because equal versions may be written differently. */
function equalVersions(values: readonly unknown[]): ValueTest {
  const expected = values.map(readVersion).filter((it) => it !== null);
  expected.sort(compareVersions);
  return (value) => {
    const version = readVersion(value);
    if (version === null) return false;
    let [from, to] = [0, expected.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const order = compareVersions(version, expected[middle] as Version); // middle < length
      if (order === 0) return true;
      if (order < 0) to = middle;
      else from = middle + 1;
    }
    return false;
  };
}

/** Returns epoch ms. `NaN`, which is neither before nor after any date, if it is not a date. */
function readDate(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && DATE.test(value) ? Date.parse(value) : Number.NaN;
}

/** A pattern that is not a regular expression matches nothing. */
function patternTests(pattern: unknown, guard: PatternGuard, path: string) {
  if (typeof pattern !== "string") return [];
  try {
    const test = guard(new RegExp(pattern), path);
    return test === null ? [] : [test];
  } catch {
    return [];
  }
}
