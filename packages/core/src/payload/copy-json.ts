/**
 * A deep copy of a parsed JSON value, for callers who may modify it. It does not recurse, since a
 * payload may nest deeper than the stack allows; and it keeps `-0` and `1e999`, which JSON would lose.
 */
export function copyJson(json: unknown): unknown {
  const root = emptyLike(json);
  const pending: [from: object, to: object][] = [];
  if (isObject(json)) pending.push([json, root as object]);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [from, to] = next;
    for (const [key, value] of Object.entries(from)) {
      const copy = emptyLike(value);
      // Defined, not assigned: a member may be named `__proto__`.
      Object.defineProperty(to, key, {
        value: copy,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      if (isObject(value)) pending.push([value, copy as object]);
    }
  }
  return root;
}

function emptyLike(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isObject(value) ? {} : value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
