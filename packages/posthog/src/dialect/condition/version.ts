import { type Tri, triOf, UNSUPPORTED } from "./tri.js";

/** Major, minor and patch. Pre-releases are ignored. */
export type VersionNumbers = readonly [number, number, number];

interface Bounds {
  readonly lower: VersionNumbers;
  /** Upper bound, exclusive. */
  readonly upper: VersionNumbers;
}

type VersionTest = (major: number, minor: number, patch: number) => boolean;

/**
 * Reads a version, or returns `null` if it is invalid. `1.2` is `1.2.0`, `v1.2.3-beta` is `1.2.3`, and `01.2.3` is
 * invalid.
 */
export function readVersion(text: string): VersionNumbers | null {
  const [base = ""] = (withoutV(text).split("-")[0] ?? "").split("+");
  if (base === "" || base.startsWith(".")) return null;
  const [major, minor, patch] = base.split(".").slice(0, 3).map(readPart);
  if (major === null || minor === null || patch === null) return null;
  return [major ?? 0, minor ?? 0, patch ?? 0];
}

/**
 * Compiles a version operator.
 *
 * @param operator - without `semver_`. For an unknown operator, the result is `null`.
 */
export function compileVersion(
  operator: string,
  value: unknown,
  unusable: Tri,
): ((value: unknown) => Tri) | null {
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (compile === undefined) return null;
  const test = compile(String(value));
  if (test === null) return () => UNSUPPORTED;
  return (actual) => {
    if (typeof actual === "string" && readPlain(actual)) return triOf(test(plain1, plain2, plain3));
    const version = readVersion(String(actual));
    return version === null ? unusable : triOf(test(...version));
  };
}

/** Results of {@link readPlain}. */
let plain1 = 0;
let plain2 = 0;
let plain3 = 0;

const DOT = 46;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

/** Reads a version such as `1.20.3`, which nearly all are, without allocating. Returns `false` for any other form. */
function readPlain(text: string): boolean {
  const size = text.length;
  if (size > 15) return false; // a part may be too large
  let part = 0;
  let value = 0;
  let digits = 0;
  for (let i = 0; i <= size; i++) {
    const unit = i < size ? text.charCodeAt(i) : DOT;
    if (unit === DOT) {
      if (digits === 0) return false;
      if (part === 0) plain1 = value;
      else if (part === 1) plain2 = value;
      else plain3 = value;
      part += 1;
      value = 0;
      digits = 0;
      continue;
    }
    const isDigit = unit >= DIGIT_0 && unit <= DIGIT_9;
    if (!isDigit || part > 2 || (digits > 0 && value === 0)) return false;
    value = value * 10 + unit - DIGIT_0;
    digits += 1;
  }
  return part === 3;
}

const OPERATORS: Readonly<Record<string, (text: string) => VersionTest | null>> = {
  eq: comparing((order) => order === 0),
  neq: comparing((order) => order !== 0),
  gt: comparing((order) => order > 0),
  gte: comparing((order) => order >= 0),
  lt: comparing((order) => order < 0),
  lte: comparing((order) => order <= 0),
  tilde: within(readVersion, (version) => ({
    lower: version,
    upper: [version[0], version[1] + 1, 0],
  })),
  caret: within(readVersion, caretBounds),
  wildcard: within(readWildcard, ([major, minor]) =>
    minor === null
      ? { lower: [major, 0, 0], upper: [major + 1, 0, 0] }
      : { lower: [major, minor, 0], upper: [major, minor + 1, 0] },
  ),
};

function comparing(isMatch: (order: number) => boolean) {
  return (text: string): VersionTest | null => {
    const expected = readVersion(text);
    if (expected === null) return null;
    return (major, minor, patch) => isMatch(compare(major, minor, patch, expected));
  };
}

function within<T>(read: (text: string) => T | null, boundsOf: (value: T) => Bounds) {
  return (text: string): VersionTest | null => {
    const value = read(text);
    if (value === null) return null;
    const { lower, upper } = boundsOf(value);
    return (major, minor, patch) =>
      compare(major, minor, patch, lower) >= 0 && compare(major, minor, patch, upper) < 0;
  };
}

function caretBounds(lower: VersionNumbers): Bounds {
  const [major, minor, patch] = lower;
  if (major > 0) return { lower, upper: [major + 1, 0, 0] };
  return { lower, upper: minor > 0 ? [0, minor + 1, 0] : [0, 0, patch + 1] };
}

/** Reads `1.*` or `1.2.*`. Further parts are ignored. */
function readWildcard(text: string): readonly [major: number, minor: number | null] | null {
  const parts = withoutV(text).replace(/\.\*$/, "").replace(/\*$/, "").split(".");
  const numbers = parts.slice(0, 2).map((part) => (part === "" ? null : readPart(part)));
  const [major = null, minor = null] = numbers;
  if (numbers.includes(null) || major === null) return null;
  return [major, minor];
}

function withoutV(text: string): string {
  return text.trim().replace(/^[vV]/, "");
}

/** Returns `null` if it is not a number. An empty part is 0. */
function readPart(part: string): number | null {
  if (part === "") return 0;
  return /^(?:0|[1-9]\d*)$/.test(part) ? Number.parseInt(part, 10) : null;
}

function compare(major: number, minor: number, patch: number, other: VersionNumbers): number {
  return major - other[0] || minor - other[1] || patch - other[2] || 0; // the difference of two infinite parts is NaN
}
