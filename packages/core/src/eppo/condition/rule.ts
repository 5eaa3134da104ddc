import { never, type Predicate, throwing } from "../../conditions/predicate.js";
import {
  type AttributeReader,
  attributeReader,
  attributeReaderWithId,
} from "../../conditions/reader.js";
import {
  type PatternGuard,
  type PatternTest,
  UNGUARDED,
} from "../../conditions/risky-pattern/guard.js";
import { compareStringWithVersion, parseVersion } from "../../conditions/semver.js";
import { DecodeError } from "../../errors/errors.js";
import { md5Hex } from "../../hash/md5.js";
import type { Subject } from "../../model/subject.js";
import { convertToNumber } from "../conversion.js";
import type { OPERATORS } from "../decode.js";
import { decodeBase64 } from "../obfuscation/base64.js";
import type { ConditionWire, RuleWire } from "../wire.js";

export type Operator = (typeof OPERATORS)[number];
type Ordering = "GTE" | "GT" | "LTE" | "LT";

export interface CompiledRule {
  readonly matches: Predicate;
  /** The rule as received. `null` if it is malformed, in which case `matches` throws. */
  readonly wire: RuleWire["wire"] | null;
}

/**
 * Operators by the MD5 of their names, as in an obfuscated body. The hashes are literals, so that importing computes
 * nothing.
 */
export const OPERATOR_BY_HASH: ReadonlyMap<unknown, Operator> = /* @__PURE__ */ new Map([
  ["05015086bdd8402218f6aad6528bef08", "MATCHES"],
  ["8323761667755378c3a78e0a6ed37a78", "NOT_MATCHES"],
  ["32d35312e8f24bc1669bd2b45c00d47c", "GTE"],
  ["cd6a9bd2a175104eed40f0d33a8b4020", "GT"],
  ["cc981ecc65ecf63ad1673cbec9c64198", "LTE"],
  ["c562607189d77eb9dfb707464c1e7b0b", "LT"],
  ["27457ce369f2a74203396a35ef537c0b", "ONE_OF"],
  ["602f5ee0b6e84fe29f43ab48b9e1addf", "NOT_ONE_OF"],
  ["dbd9c38e0339e6c34bd48cafc59be388", "IS_NULL"],
]);
/** MD5 of `true`, which is the value of an obfuscated `IS_NULL` that expects null. */
export const HASH_OF_TRUE = "b326b5062b2f0e69046810717534cb09";

/**
 * Compiles one condition.
 *
 * @param read - reads the attribute of the condition.
 * @param testOf - creates the test of strings by a pattern.
 */
export type CompileCondition = (
  condition: ConditionWire,
  read: AttributeReader,
  testOf: TestOf,
) => Predicate;

/** Everything other than the rule that its compilation depends on. */
export interface RuleContext {
  /** Whether conditions are hashed. */
  readonly isObfuscated: boolean;
  readonly recorded: RecordTest;
  /** Checks patterns. Their paths are relative to the rule. */
  readonly guard: PatternGuard;
  readonly compile: CompileCondition;
}

/**
 * Returns the same test, which is recorded if the evaluation is.
 *
 * @param read - reads the attribute of a condition. `null`: it has none.
 */
export type RecordTest = (
  matches: Predicate,
  read: AttributeReader | null,
  index: number,
) => Predicate;

/** The index under which a rule is recorded, beside its conditions. */
export const WHOLE_RULE = -1;

/** Compiles a rule of a plain or obfuscated body. A rule without conditions always matches. */
export function compileRule(
  rule: RuleWire | DecodeError,
  isObfuscated: boolean,
  recorded: RecordTest = (matches) => matches,
  guard: PatternGuard = UNGUARDED,
  compile: CompileCondition = isObfuscated ? compileHashed : compilePlain,
): CompiledRule {
  const wire = rule instanceof DecodeError ? null : rule.wire;
  const matches = compileMatches(rule, { isObfuscated, recorded, guard, compile });
  return { matches: recorded(matches, null, WHOLE_RULE), wire };
}

function compileMatches(rule: RuleWire | DecodeError, context: RuleContext): Predicate {
  if (rule instanceof DecodeError) return throwing(rule);
  const { conditions } = rule;
  if (conditions instanceof DecodeError) return throwing(conditions);
  return every(conditions.map((it, i) => compileCondition(it, i, context)));
}

/**
 * Quirk: all conditions are evaluated before they are combined, so a condition that throws does so even after a false
 * one (eppo).
 */
function every(predicates: readonly Predicate[]): Predicate {
  const [only, other] = predicates;
  if (only !== undefined && predicates.length === 1) return only;
  if (only !== undefined && other !== undefined && predicates.length === 2) {
    return (subject) => {
      const isTrue = only(subject);
      return other(subject) && isTrue;
    };
  }
  return (subject) => {
    let areTrue = true;
    for (let i = 0; i < predicates.length; i++) {
      // i < length
      if (!(predicates[i] as Predicate)(subject)) areTrue = false;
    }
    return areTrue;
  };
}

function compileCondition(
  condition: ConditionWire | DecodeError,
  index: number,
  { compile, guard, isObfuscated, recorded }: RuleContext,
): Predicate {
  if (condition instanceof DecodeError) {
    return recorded(throwing(condition), null, index);
  }
  const { attribute } = condition;
  const read = isObfuscated ? attributeReader(attribute) : attributeReaderWithId(attribute);
  const testOf: TestOf = (pattern) => guard(pattern, `.conditions[${index}].value`);
  return recorded(compile(condition, read, testOf), read, index);
}

/** Creates the test of strings that replaces a pattern, or returns `null` if the pattern is refused. */
export type TestOf = (pattern: RegExp) => PatternTest | null;

function compilePlain(
  { operator, value }: ConditionWire,
  read: AttributeReader,
  testOf: TestOf,
): Predicate {
  switch (operator) {
    case "IS_NULL":
      return isNull(read, Boolean(value));
    case "GTE":
    case "GT":
    case "LTE":
    case "LT":
      return compileOrdering(operator, value, read);
    case "MATCHES":
      return compileRegex(value, read, true, testOf);
    case "NOT_MATCHES":
      return compileRegex(value, read, false, testOf);
    case "ONE_OF":
      return compileOneOf(value, read, true);
    case "NOT_ONE_OF":
      return compileOneOf(value, read, false);
    default:
      return never;
  }
}

/** Compiles the same operators, which are named by hashes. Lists contain hashes, and other values are Base64. */
function compileHashed(
  { operator, value }: ConditionWire,
  read: AttributeReader,
  testOf: TestOf,
): Predicate {
  const name = OPERATOR_BY_HASH.get(operator);
  switch (name) {
    case undefined:
      // Quirk: the vendor hashes the names of all attributes first, which fails for a lone surrogate (eppo).
      return (subject) => {
        read(subject);
        return false;
      };
    case "IS_NULL":
      return isNull(read, value === HASH_OF_TRUE);
    case "ONE_OF":
    case "NOT_ONE_OF":
      return compileOneOf(value, read, name === "ONE_OF", md5Hex);
    default:
      try {
        if (typeof value !== "string") throw new TypeError(`${name} needs a Base64 string`);
        const decoded = { attribute: "", operator: name, value: decodeBase64(value) };
        return compilePlain(decoded, read, testOf);
      } catch (cause) {
        return whenPresent(read, throwing(cause));
      }
  }
}

function isNull(read: AttributeReader, expected: boolean): Predicate {
  return (subject) => ((read(subject) ?? null) === null) === expected;
}

/** Makes a condition false for subjects without the attribute, as for every operator except `IS_NULL`. */
function whenPresent(read: AttributeReader, predicate: Predicate): Predicate {
  return (subject) => (read(subject) ?? null) !== null && predicate(subject);
}

function compileRegex(
  pattern: unknown,
  read: AttributeReader,
  expected: boolean,
  testOf: TestOf,
): Predicate {
  let regex: RegExp;
  try {
    // JavaScript converts a pattern that is not a string, as in the vendor's SDK.
    regex = new RegExp(pattern as string);
  } catch (cause) {
    return whenPresent(read, throwing(cause));
  }
  const test = testOf(regex);
  if (test === null) return never;
  return (subject) => {
    const attribute = read(subject);
    if (attribute === undefined || attribute === null) return false;
    return test.test(attribute as string) === expected; // `test` converts it to a string
  };
}

function compileOneOf(
  list: unknown,
  read: AttributeReader,
  expected: boolean,
  hash?: (text: string) => string,
): Predicate {
  if (!Array.isArray(list)) return whenPresent(read, throwing(new TypeError("expected a list")));
  // Elements that are not strings never match, because they are compared strictly with the attribute as a string.
  const many = list.length > FEW ? new Set<unknown>(list) : null;
  return (subject: Subject) => {
    const attribute = read(subject);
    if (attribute === undefined || attribute === null) return false;
    const text = typeof attribute === "string" ? attribute : attribute.toString();
    const element = hash === undefined ? text : hash(text);
    return (many === null ? isAmong(list, element) : many.has(element)) === expected;
  };
}

/** Up to this length, searching a list is as fast as searching a set, which takes ten times the memory. */
const FEW = 8;

function isAmong(list: readonly unknown[], text: string): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] === text) return true;
  return false;
}

/** Compares versions if the condition's value is a valid version, otherwise numbers. */
function compileOrdering(ordering: Ordering, bound: unknown, read: AttributeReader): Predicate {
  const isOrdered = ORDERINGS[ordering];
  const version = parseVersion(bound);
  if (version !== null) {
    // The result is NaN for an attribute that is not a version. Every comparison with NaN is false.
    return (subject) => isOrdered(compareStringWithVersion(read(subject), version), 0);
  }
  const number = convertToNumber(bound, "value");
  if (number instanceof DecodeError) return whenPresent(read, throwing(number));
  return (subject) => {
    const attribute = read(subject);
    if (attribute === undefined || attribute === null) return false;
    return isOrdered(Number(attribute), number);
  };
}

const ORDERINGS: Readonly<Record<Ordering, (a: number, b: number) => boolean>> = {
  GTE: (a, b) => a >= b,
  GT: (a, b) => a > b,
  LTE: (a, b) => a <= b,
  LT: (a, b) => a < b,
};
