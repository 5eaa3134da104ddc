import { decodeError, isJsonObject, type PatternGuard, type Report } from "@sortition/core/dialect";
import type { Operator, ValueTest } from "../evaluation/sdk-rules.js";
import { coreBound, coreKeys, coreNumber, coreText, coreTexts, coreTime } from "./core-values.js";
import { rustPattern } from "./rust-pattern.js";
import { type ListTest, not, sharedOperators } from "./shared-operators.js";

/** Code of the issue of a pattern with syntax that is not translated. */
export const UNDECIDED_PATTERN = "undecided-pattern";

const NEVER: ValueTest = () => false;
const DAY = 86_400_000;

/** The operators of the SDK that is written in Rust. A missing value is the empty text. */
export const CORE_OPERATORS: Readonly<Record<string, Operator>> = {
  ...sharedOperators({ numbers, versions, times, lists, texts: (test) => texts(false, test) }),
  any: oneOf,
  none: not(oneOf),
  any_case_sensitive: texts(true, (value, it) => value === it),
  none_case_sensitive: not(texts(true, (value, it) => value === it)),
  str_matches: pattern,
  on: times((value, bound) => Math.trunc(value / DAY) === Math.trunc(bound / DAY)),
  eq: equal,
  neq: not(equal),
};

function numbers(test: (value: number, bound: number) => boolean): Operator {
  return (target) => {
    const bound = coreNumber(target);
    return (value) => test(coreNumber(value), bound); // NaN fails
  };
}

function times(test: (value: number, bound: number) => boolean): Operator {
  return (target) => {
    const bound = coreBound(target);
    return (value) => {
      const time = coreTime(value);
      return time !== null && bound !== null && test(time, bound);
    };
  };
}

function oneOf(target: unknown): ValueTest {
  const known = coreKeys(target) ?? coreTexts(target);
  return known === null ? NEVER : (value) => known.has((coreText(value) ?? "").toLowerCase());
}

function texts(isExact: boolean, test: (value: string, it: string) => boolean): Operator {
  return (target) => {
    const known = coreTexts(target);
    if (known === null) return NEVER;
    const listed = [...(isExact ? known.values() : known.keys())];
    return (value) => {
      const text = coreText(value) ?? "";
      return listed.some((it) => test(isExact ? text : text.toLowerCase(), it));
    };
  };
}

function lists(test: ListTest): Operator {
  return (target) => {
    const known = coreTexts(target);
    if (known === null) return NEVER;
    const all = [...known.values()];
    return (value) => {
      if (!Array.isArray(value)) return false;
      const has = new Set<string | null>(value.map(coreText));
      return test((it) => has.has(it), all);
    };
  };
}

function pattern(target: unknown, guard: PatternGuard, path: string, report: Report): ValueTest {
  if (typeof target !== "string") return NEVER;
  const rust = rustPattern(target);
  if (rust === null) return NEVER;
  if (typeof rust === "string") {
    const problem = `the pattern has "${rust}", which only the vendor's SDK can match`;
    report(decodeError(path, problem), UNDECIDED_PATTERN);
    return (value) => (coreText(value) === null ? false : null);
  }
  const { differing, exact, plain } = rust;
  const test = guard(plain, path);
  return (value) => {
    const text = coreText(value);
    if (text === null || test === null) return false;
    // A guard that refuses patterns tests in linear time, but cannot test the exact pattern.
    if (test === plain) return exact.test(text);
    return differing.test(text) ? null : test.test(text) === true;
  };
}

function versions(test: (order: number) => boolean): Operator {
  return (target) => {
    if (typeof target !== "string") return NEVER;
    return (value) => {
      const text = coreText(value);
      const order = text === null ? null : compareVersions(text, target);
      return order !== null && test(order);
    };
  };
}

/** Compares numbers between dots, before the first dash. `null`: one of those that decide is not an integer. */
function compareVersions(one: string, other: string): number | null {
  const [ours, theirs] = [one, other].map((it) => (it.split("-")[0] as string).split(".")); // split returns at least one
  const length = Math.max(ours?.length ?? 0, theirs?.length ?? 0);
  for (let i = 0; i < length; i++) {
    const [left, right] = [ours?.[i] ?? "0", theirs?.[i] ?? "0"].map((it) => it.trim());
    if (![left, right].every((it) => /^[+-]?\d+$/.test(it ?? ""))) return null;
    if (Number(left) !== Number(right)) return Number(left) < Number(right) ? -1 : 1;
  }
  return 0;
}

function equal(target: unknown): ValueTest {
  if (target === null || target === undefined)
    return (value) => value === null || value === undefined;
  if (typeof target === "boolean") return (value) => value === target;
  if (typeof target === "number") return (value) => coreNumber(value) === target;
  if (typeof target === "string") return (value) => coreText(value) === target;
  const known = [...(coreTexts(target)?.values() ?? [])];
  if (Array.isArray(target)) {
    return (value) =>
      Array.isArray(value) &&
      value.length === known.length &&
      known.every((it, i) => coreText(value[i]) === it);
  }
  const members = Object.entries(target as object);
  return (value) =>
    isJsonObject(value) &&
    Object.keys(value).length === members.length &&
    members.every(([name, it]) => coreText(value[name]) === coreText(it));
}
