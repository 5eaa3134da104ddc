import { OptionError } from "@sortition/core/internal";
import type { Order, Scalar, Test } from "@sortition/test-kit/flags";
import { shown } from "./shown.js";

/** Condition of an attribute in `when`: a value, a list of allowed values, or a test. */
export type Condition = Scalar | readonly Scalar[] | Test;

/** Matches if the attribute equals none of these values. */
export function noneOf(...values: readonly Scalar[]): Test {
  return { kind: "none-of", values };
}

/** Matches if the attribute is greater. A string is compared as a version. */
export function gt(value: number | string): Test {
  return ordered("gt", value);
}

/** Matches if the attribute is equal or greater, see {@link gt}. */
export function gte(value: number | string): Test {
  return ordered("gte", value);
}

/** Matches if the attribute is less, see {@link gt}. */
export function lt(value: number | string): Test {
  return ordered("lt", value);
}

/** Matches if the attribute is equal or less, see {@link gt}. */
export function lte(value: number | string): Test {
  return ordered("lte", value);
}

/** Matches if the regular expression, which may not have flags, matches anywhere in the attribute. */
export function matches(pattern: RegExp | string): Test {
  return { kind: "matches", pattern: sourceOf("matches", pattern) };
}

/** Matches if the regular expression, which may not have flags, matches nowhere in the attribute. */
export function doesNotMatch(pattern: RegExp | string): Test {
  return { kind: "does-not-match", pattern: sourceOf("doesNotMatch", pattern) };
}

/** Matches if the subject has the attribute. */
export function present(): Test {
  return { kind: "present" };
}

/** Matches if the subject does not have the attribute. */
export function absent(): Test {
  return { kind: "absent" };
}

/** Converts a condition to a test; `null` if it is not a condition. */
export function testOf(condition: unknown): Test | null {
  if (isScalar(condition)) return { kind: "one-of", values: [condition] };
  if (Array.isArray(condition)) {
    return condition.length > 0 && condition.every(isScalar)
      ? { kind: "one-of", values: [...condition] }
      : null;
  }
  const kind = (condition as { readonly kind?: unknown } | null | undefined)?.kind;
  return typeof kind === "string" ? (condition as Test) : null;
}

/** The member next to `kind` of each test that a function of this module creates. */
const MEMBERS: Readonly<Record<Test["kind"], string | null>> = {
  ...{ "one-of": "values", "none-of": "values", matches: "pattern", "does-not-match": "pattern" },
  ...{ gt: "value", gte: "value", lt: "value", lte: "value", present: null, absent: null },
};

/** Whether a value is a test, and not conditions by attribute. */
export function isTest(value: unknown): value is Test {
  const { kind, ...others } = Object(value) as { readonly kind?: unknown };
  if (typeof kind !== "string" || !Object.hasOwn(MEMBERS, kind)) return false;
  const member = MEMBERS[kind as Test["kind"]]; // an own key of the table
  return Object.keys(others).join() === (member ?? "");
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

function ordered(kind: Order, value: number | string): Test {
  const isVersion = typeof value === "string" && /^\d+\.\d+\.\d+/.test(value);
  if (!isVersion && !Number.isFinite(value)) {
    throw new OptionError(kind, `expected a number or a version, received ${shown(value)}`);
  }
  return { kind, value };
}

function sourceOf(call: string, pattern: RegExp | string): string {
  if (typeof pattern === "string") return pattern;
  if (pattern instanceof RegExp && pattern.flags === "") return pattern.source;
  throw new OptionError(call, `expected a pattern without flags, received ${String(pattern)}`);
}
