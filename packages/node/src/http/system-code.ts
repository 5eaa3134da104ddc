/**
 * The code by which the system, Node or undici identifies an error, such as `ENOSPC`; `null` without one.
 *
 * Read from the property alone: errors of another realm, as in the contexts in which Jest runs tests,
 * are not instances of this realm's `Error`.
 */
export function systemCodeOf(cause: unknown): string | null {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return null;
  return typeof cause.code === "string" ? cause.code : null;
}
