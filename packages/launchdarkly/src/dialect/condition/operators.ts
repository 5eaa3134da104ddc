import { compareVersions, type PatternGuard } from "@sortition/core/dialect";
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
  lessThan: ofNumbers((value, expected) => value < expected),
  lessThanOrEqual: ofNumbers((value, expected) => value <= expected),
  greaterThan: ofNumbers((value, expected) => value > expected),
  greaterThanOrEqual: ofNumbers((value, expected) => value >= expected),
  before: ofDates((value, expected) => value < expected),
  after: ofDates((value, expected) => value > expected),
  semVerEqual: ofVersions((order) => order === 0),
  semVerLessThan: ofVersions((order) => order < 0),
  semVerGreaterThan: ofVersions((order) => order > 0),
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

function ofNumbers(test: (value: number, expected: number) => boolean): Operator {
  return (values) => {
    const expected = values.filter((it) => typeof it === "number");
    return (value) => typeof value === "number" && expected.some((it) => test(value, it));
  };
}

function ofDates(test: (value: number, expected: number) => boolean): Operator {
  return (values) => {
    const expected = values.map(readDate);
    return (value) => {
      const date = readDate(value);
      return expected.some((it) => test(date, it));
    };
  };
}

function ofVersions(test: (order: number) => boolean): Operator {
  return (values) => {
    const expected = values.map(readVersion).filter((it) => it !== null);
    return (value) => {
      const version = readVersion(value);
      return version !== null && expected.some((it) => test(compareVersions(version, it)));
    };
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
