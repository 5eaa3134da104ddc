/** A version in the vendor's grammar. */
export interface AmplitudeVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The prerelease with its leading hyphen. Empty for a release. */
  readonly prerelease: string;
}

/**
 * Words joined by single dots, with an optional final dot. Matches the same language as the
 * vendor's pattern, without its exponential backtracking.
 */
const PRERELEASE = /^-(?:[-\w]+(?:\.[-\w]+)*\.?)?$/;
const DOT = 0x2e;
/** Numbers with up to this many digits are exact when they are summed digit by digit. */
const EXACT_DIGITS = 15;

/**
 * Parses a version: `major.minor`, or `major.minor.patch` with an optional prerelease. Runs for
 * each evaluation of a condition on versions, so a release is parsed without a regular expression.
 *
 * @returns `null` if it is not a version.
 */
export function parseAmplitudeVersion(text: string): AmplitudeVersion | null {
  // Read inside the function, so that V8 inlines the call under any bundler, even after a class
  // extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  const majorEnd = endOfDigits(text, 0);
  if (majorEnd === 0 || charCodeAt.call(text, majorEnd) !== DOT) return null;
  const minorEnd = endOfDigits(text, majorEnd + 1);
  if (minorEnd === majorEnd + 1) return null;
  const major = numberAt(text, 0, majorEnd);
  const minor = numberAt(text, majorEnd + 1, minorEnd);
  if (minorEnd === text.length) return { major, minor, patch: 0, prerelease: "" };
  if (charCodeAt.call(text, minorEnd) !== DOT) return null;
  const patchEnd = endOfDigits(text, minorEnd + 1);
  if (patchEnd === minorEnd + 1) return null;
  const patch = numberAt(text, minorEnd + 1, patchEnd);
  if (patchEnd === text.length) return { major, minor, patch, prerelease: "" };
  const prerelease = text.slice(patchEnd);
  return PRERELEASE.test(prerelease) ? { major, minor, patch, prerelease } : null;
}

function endOfDigits(text: string, start: number): number {
  const charCodeAt = String.prototype.charCodeAt;
  let at = start;
  while (at < text.length) {
    const unit = charCodeAt.call(text, at);
    if (unit < 0x30 || unit > 0x39) break;
    at += 1;
  }
  return at;
}

function numberAt(text: string, start: number, end: number): number {
  const charCodeAt = String.prototype.charCodeAt;
  if (end - start > EXACT_DIGITS) return Number(text.slice(start, end));
  let number = 0;
  for (let at = start; at < end; at++) number = number * 10 + charCodeAt.call(text, at) - 0x30;
  return number;
}

/**
 * Returns a negative number, zero or a positive number. Prereleases come before their release, and
 * are compared as strings.
 */
export function compareAmplitudeVersions(a: AmplitudeVersion, b: AmplitudeVersion): number {
  if (a.major !== b.major) return a.major < b.major ? -1 : 1;
  if (a.minor !== b.minor) return a.minor < b.minor ? -1 : 1;
  if (a.patch !== b.patch) return a.patch < b.patch ? -1 : 1;
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === "" || b.prerelease === "") return a.prerelease === "" ? 1 : -1;
  return a.prerelease < b.prerelease ? -1 : 1;
}
