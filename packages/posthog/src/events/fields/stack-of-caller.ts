/** The stack from the caller of a function on, for thrown values without one. */
export function stackOfCaller(called: (...parts: never[]) => unknown): string | null {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, called);
  return holder.stack ?? null;
}
