import { type Tri, triOf, UNSUPPORTED } from "./tri.js";

/** Major, minor, patch. A pre-release does not count. */
export type VersionNumbers = readonly [number, number, number];

interface Bounds {
  readonly lower: VersionNumbers;
  /** Excluded. */
  readonly upper: VersionNumbers;
}

type VersionTest = (version: VersionNumbers) => boolean;

/** Reads a version; `null` if it is none. `1.2` is `1.2.0`, `v1.2.3-beta` is `1.2.3`, `01.2.3` is none. */
export function readVersion(text: string): VersionNumbers | null {
  const [base = ""] = (withoutV(text).split("-")[0] ?? "").split("+");
  if (base === "" || base.startsWith(".")) return null;
  const [major, minor, patch] = base.split(".").slice(0, 3).map(readPart);
  if (major === null || minor === null || patch === null) return null;
  return [major ?? 0, minor ?? 0, patch ?? 0];
}

/**
 * Compiles an operator of versions.
 *
 * @param operator - without `semver_`; `null` is returned for an unknown one.
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
    const version = readVersion(String(actual));
    return version === null ? unusable : triOf(test(version));
  };
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
    return expected === null ? null : (version) => isMatch(compare(version, expected));
  };
}

function within<T>(read: (text: string) => T | null, boundsOf: (value: T) => Bounds) {
  return (text: string): VersionTest | null => {
    const value = read(text);
    if (value === null) return null;
    const { lower, upper } = boundsOf(value);
    return (version) => compare(version, lower) >= 0 && compare(version, upper) < 0;
  };
}

function caretBounds(lower: VersionNumbers): Bounds {
  const [major, minor, patch] = lower;
  if (major > 0) return { lower, upper: [major + 1, 0, 0] };
  return { lower, upper: minor > 0 ? [0, minor + 1, 0] : [0, 0, patch + 1] };
}

/** `1.*` or `1.2.*`; further parts are ignored. */
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

/** `null` if it is not a number; an empty part is 0. */
function readPart(part: string): number | null {
  if (part === "") return 0;
  return /^(?:0|[1-9]\d*)$/.test(part) ? Number.parseInt(part, 10) : null;
}

function compare(a: VersionNumbers, b: VersionNumbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || 0; // two infinite parts differ by NaN
}
