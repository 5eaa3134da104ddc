const captured = /* @__PURE__ */ new WeakSet<object>();

/**
 * Remembers an error.
 *
 * @returns whether it was not captured before, which is always true for a value that is not an object.
 */
export function isFirstCapture(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  if (captured.has(error)) return false;
  captured.add(error);
  return true;
}
