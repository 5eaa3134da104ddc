/**
 * Version with one or more numbers, `major.minor.patch.…`, and an optional prerelease. Build metadata is validated, then
 * ignored.
 */
export interface Version {
  /** Digits without leading zeros, each at most 2^64 - 1. */
  readonly numbers: readonly string[];
  /** Empty for a release. */
  readonly prerelease: readonly string[];
}

const MAX_NUMBER = "18446744073709551615";
const NUMBER = /^(?:0|[1-9]\d*)$/;
const DIGITS = /^\d+$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;

/** Parses a version without a leading `v` or spaces. Returns `null` for anything else. */
export function parseVersion(value: unknown): Version | null {
  if (typeof value !== "string") return null;
  const plus = value.indexOf("+");
  const withoutBuild = plus === -1 ? value : value.slice(0, plus);
  if (plus !== -1 && !areIdentifiers(value.slice(plus + 1).split("."))) return null;
  const dash = withoutBuild.indexOf("-");
  const numbers = (dash === -1 ? withoutBuild : withoutBuild.slice(0, dash)).split(".");
  if (!numbers.every(isNumber)) return null;
  if (dash === -1) return { numbers, prerelease: [] };
  const prerelease = withoutBuild.slice(dash + 1).split(".");
  const hasLeadingZero = prerelease.some((it) => DIGITS.test(it) && !NUMBER.test(it));
  return areIdentifiers(prerelease) && !hasLeadingZero ? { numbers, prerelease } : null;
}

/** Returns a negative number, zero or a positive number. Missing numbers are treated as zeros. */
export function compareVersions(left: Version, right: Version): number {
  const count = Math.max(left.numbers.length, right.numbers.length);
  for (let i = 0; i < count; i++) {
    const order = compareNumbers(left.numbers[i] ?? "0", right.numbers[i] ?? "0");
    if (order !== 0) return order;
  }
  return comparePrereleases(left.prerelease, right.prerelease);
}

function isNumber(text: string): boolean {
  if (!NUMBER.test(text)) return false;
  return (
    text.length < MAX_NUMBER.length || (text.length === MAX_NUMBER.length && text <= MAX_NUMBER)
  );
}

function areIdentifiers(texts: readonly string[]): boolean {
  return texts.every((it) => IDENTIFIER.test(it));
}

/** Prereleases sort before their release, and fewer identifiers before more. */
function comparePrereleases(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  const count = Math.min(left.length, right.length);
  for (let i = 0; i < count; i++) {
    const order = compareIdentifiers(left[i] as string, right[i] as string); // i < count
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers sort before words. */
function compareIdentifiers(left: string, right: string): number {
  const areNumbers = [DIGITS.test(left), DIGITS.test(right)];
  if (areNumbers[0] && areNumbers[1]) return compareNumbers(left, right);
  if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] ? -1 : 1;
  return compareStrings(left, right);
}

function compareNumbers(left: string, right: string): number {
  return left.length - right.length || compareStrings(left, right);
}

function compareStrings(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
