/** The code with which the system or Node explains an error, such as `ENOSPC`; `null` without one. */
export function systemCodeOf(cause: unknown): string | null {
  const hasCode = cause instanceof Error && "code" in cause && typeof cause.code === "string";
  return hasCode ? (cause.code as string) : null; // it was just looked at
}
