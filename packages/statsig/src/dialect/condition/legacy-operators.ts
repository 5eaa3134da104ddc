import type { PatternGuard } from "@sortition/core/dialect";
import { stringOf } from "@sortition/core/dialect-internal";
import type { Operator, ValueTest } from "../evaluation/sdk-rules.js";
import { type ListTest, not, sharedOperators } from "./shared-operators.js";

const NEVER: ValueTest = () => false;

/** The operators of the SDK that is written in TypeScript. Values are converted as JavaScript does. */
export const LEGACY_OPERATORS: Readonly<Record<string, Operator>> = {
  ...sharedOperators({ numbers, versions, times, lists, texts }),
  any: (target) => oneOf(target, true),
  none: not((target) => oneOf(target, true)),
  any_case_sensitive: (target) => oneOf(target, false),
  none_case_sensitive: not((target) => oneOf(target, false)),
  str_matches: pattern,
  // Quirk: the day is that of the server's time zone (statsig, legacy).
  on: times(
    (value, bound) => new Date(value).setHours(0, 0, 0, 0) === new Date(bound).setHours(0, 0, 0, 0),
  ),
  // Quirk: the comparison is loose (statsig, legacy).
  // biome-ignore lint/suspicious/noDoubleEquals: as in the vendor's SDK
  eq: (target) => (value) => value == target,
  // biome-ignore lint/suspicious/noDoubleEquals: as in the vendor's SDK
  neq: (target) => (value) => value != target,
};

function numbers(test: (value: number, bound: number) => boolean): Operator {
  return (target) => (value) => {
    if (isMissing(value) || isMissing(target)) return false;
    return test(Number(value), Number(target)); // NaN fails
  };
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Quirk: a missing value is the text `undefined` or `null` (statsig, legacy). */
function oneOf(target: unknown, ignoresCase: boolean): ValueTest {
  if (!Array.isArray(target)) return NEVER;
  const known = new Set(target.map(stringOf));
  if (ignoresCase) for (const it of [...known]) known.add(it.toLowerCase());
  return (value) => {
    const text = stringOf(value);
    return known.has(text) || (ignoresCase && known.has(text.toLowerCase()));
  };
}

function texts(test: (value: string, it: string) => boolean): Operator {
  return (target) => {
    if (!Array.isArray(target)) return NEVER;
    const listed = target.filter((it) => !isMissing(it)).map((it) => stringOf(it).toLowerCase());
    return (value) => {
      if (isMissing(value)) return false;
      const text = stringOf(value).toLowerCase();
      return listed.some((it) => test(text, it));
    };
  };
}

function pattern(target: unknown, guard: PatternGuard, path: string): ValueTest {
  let test: { test(text: string): boolean | null } | null;
  try {
    test = guard(new RegExp(target as string), path); // converted to a string
  } catch {
    return NEVER;
  }
  return (value) => {
    const text = stringOf(value);
    return text.length < 1_000 && test?.test(text) === true;
  };
}

function times(test: (value: number, bound: number) => boolean): Operator {
  return (target) => (value) => {
    if (isMissing(value) || isMissing(target)) return false;
    return test(timeOf(value), timeOf(target)); // NaN fails
  };
}

function timeOf(value: unknown): number {
  const date = typeof value === "string" ? new Date(value).getTime() : Number.NaN;
  if (!Number.isNaN(date)) return date;
  const number = Number(value);
  return new Date(number < 10_000_000_000 ? number * 1_000 : number).getTime();
}

function versions(test: (order: number) => boolean): Operator {
  return (target) => (value) => {
    if (typeof value !== "string" || typeof target !== "string") return false;
    const order = compareVersions(value, target);
    return order !== null && test(order);
  };
}

/** Quirk: an empty number between dots is 0 (statsig, legacy). */
function compareVersions(one: string, other: string): number | null {
  const [left, right] = [one, other].map((it) => it.replace(/-.*$/s, ""));
  if (!left || !right) return null;
  const [ours, theirs] = [left.split("."), right.split(".")];
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const [a, b] = [Number(ours[i] ?? "0"), Number(theirs[i] ?? "0")];
    if (Number.isNaN(a) || Number.isNaN(b)) return null;
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

function lists(test: ListTest): Operator {
  return (target) => (value) => {
    if (!Array.isArray(target) || !Array.isArray(value)) return false;
    const known = new Set<unknown>(value);
    // biome-ignore lint/correctness/useParseIntRadix: as in the vendor's SDK, "0x10" is 16
    const has = (it: unknown): boolean => known.has(it) || known.has(Number.parseInt(`${it}`));
    return test(has, target);
  };
}
