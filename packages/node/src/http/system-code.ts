/**
 * Returns the code that the operating system, Node.js or undici gave an error, such as `ENOSPC`, or
 * `null`.
 *
 * Reads only the property, because errors of another realm, such as Jest's test contexts, are not
 * instances of this realm's `Error`.
 */
export function systemCodeOf(cause: unknown): string | null {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return null;
  return typeof cause.code === "string" ? cause.code : null;
}
