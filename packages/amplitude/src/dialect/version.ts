/** A version in the vendor's grammar. */
export interface AmplitudeVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** With its leading hyphen; empty for a release. */
  readonly prerelease: string;
}

/**
 * `major.minor`, or `major.minor.patch` with an optional prerelease: words joined by single dots, with an
 * optional final dot. The same language as the vendor's pattern, without its exponential backtracking.
 */
const VERSION = /^(\d+)\.(\d+)(?:\.(\d+)(-(?:[-\w]+(?:\.[-\w]+)*\.?)?)?)?$/;

/** Parses a version; `null` if it is none. */
export function parseAmplitudeVersion(text: string): AmplitudeVersion | null {
  const match = VERSION.exec(text);
  if (match === null) return null;
  const [, major, minor, patch = "0", prerelease = ""] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), prerelease };
}

/** Negative, zero or positive. Prereleases come before their release, and are compared as strings. */
export function compareAmplitudeVersions(a: AmplitudeVersion, b: AmplitudeVersion): number {
  if (a.major !== b.major) return a.major < b.major ? -1 : 1;
  if (a.minor !== b.minor) return a.minor < b.minor ? -1 : 1;
  if (a.patch !== b.patch) return a.patch < b.patch ? -1 : 1;
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === "" || b.prerelease === "") return a.prerelease === "" ? 1 : -1;
  return a.prerelease < b.prerelease ? -1 : 1;
}
