import type { Predicate } from "@sortition/core/dialect";
import { type AttributeReader, never } from "@sortition/core/dialect-internal";
import type { ConditionWire, UfcFormat } from "@sortition/core/eppo";
import type { Ordering, VersionOperator } from "./operators.js";
import { compilePattern } from "./pattern.js";
import { numberOf, stringOf } from "./scalar.js";
import { compareVersions, parseVersion, type Version } from "./version.js";

type TestOf = Parameters<UfcFormat["compileCondition"]>[2];

/** Compiles a decoded condition, so the value is known to fit the operator. */
export const compileCondition: UfcFormat["compileCondition"] = (condition, read, testOf) => {
  const { operator, value } = condition;
  switch (operator) {
    case "IS_NULL":
      return compileIsNull(condition, read);
    case "MATCHES":
    case "NOT_MATCHES":
      return compileMatches(value as string, read, operator === "MATCHES", testOf);
    case "ONE_OF":
    case "NOT_ONE_OF":
      return compileOneOf(value as readonly string[], read, operator === "ONE_OF");
    case "GTE":
    case "GT":
    case "LTE":
    case "LT":
      return compileOrdering(operator, value as number, read);
    default:
      // The decoder accepts no other operators, and only valid versions as their values.
      return compileVersion(operator as VersionOperator, parseVersion(value) as Version, read);
  }
};

function compileIsNull({ attribute, value }: ConditionWire, read: AttributeReader): Predicate {
  const isNull: Predicate = (subject) => (read(subject) ?? null) === null;
  // Quirk: names that all objects inherit, such as `constructor`, always have a value (datadog).
  const isMissing: Predicate =
    attribute in Object.prototype
      ? (subject) => Object.hasOwn(subject.attributes, attribute) && isNull(subject)
      : isNull;
  return value === true ? isMissing : (subject) => !isMissing(subject);
}

function compileMatches(
  pattern: string,
  read: AttributeReader,
  expected: boolean,
  testOf: TestOf,
): Predicate {
  const test = testOf(compilePattern(pattern));
  if (test === null) return never;
  return (subject) => {
    const text = stringOf(read(subject));
    return text !== undefined && test.test(text) === expected;
  };
}

/** Up to this length, searching a list is as fast as a set lookup. A set takes ten times the memory. */
const FEW = 8;

function compileOneOf(
  list: readonly string[],
  read: AttributeReader,
  expected: boolean,
): Predicate {
  const many = list.length > FEW ? new Set(list) : null;
  return (subject) => {
    const text = stringOf(read(subject));
    if (text === undefined) return false;
    return (many === null ? list.includes(text) : many.has(text)) === expected;
  };
}

function compileOrdering(ordering: Ordering, bound: number, read: AttributeReader): Predicate {
  const isOrdered = BY_ORDERING[ordering];
  return (subject) => isOrdered(numberOf(read(subject)), bound);
}

const BY_ORDERING: Readonly<Record<Ordering, (a: number, b: number) => boolean>> = {
  GTE: (a, b) => a >= b,
  GT: (a, b) => a > b,
  LTE: (a, b) => a <= b,
  LT: (a, b) => a < b,
};

function compileVersion(
  operator: VersionOperator,
  bound: Version,
  read: AttributeReader,
): Predicate {
  const isOrdered = BY_VERSION_OPERATOR[operator];
  return (subject) => {
    const version = parseVersion(read(subject));
    return version !== null && isOrdered(compareVersions(version, bound));
  };
}

const BY_VERSION_OPERATOR: Readonly<Record<VersionOperator, (order: number) => boolean>> = {
  SEMVER_EQ: (order) => order === 0,
  SEMVER_NEQ: (order) => order !== 0,
  SEMVER_LT: (order) => order < 0,
  SEMVER_LTE: (order) => order <= 0,
  SEMVER_GT: (order) => order > 0,
  SEMVER_GTE: (order) => order >= 0,
};
