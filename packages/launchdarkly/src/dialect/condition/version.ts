import { parseVersion, type Version } from "@sortition/core/dialect";

const BEGINNING = /^\d+(\.\d+)?(\.\d+)?/;

/**
 * Reads a version. Missing components are 0, so `2` and `2.1-beta` are versions.
 *
 * @returns `null` if it is not a version.
 */
export function readVersion(value: unknown): Version | null {
  if (typeof value !== "string" || value.startsWith("v")) return null;
  const version = parseVersion(value);
  if (version !== null) return version;
  const match = BEGINNING.exec(value);
  if (match === null) return null;
  const [found, minor, patch] = match;
  const missing = (minor === undefined ? ".0" : "") + (patch === undefined ? ".0" : "");
  return parseVersion(found + missing + value.slice(found.length));
}
