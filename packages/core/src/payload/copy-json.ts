/** A copy of a longer list would cost more than the evaluation that it describes. */
const MAX_COPIED = 100;

/**
 * A deep copy of a parsed JSON value, for callers who may modify it. It does not recurse, since a
 * payload may nest deeper than the stack allows; and it keeps `-0` and `1e999`, which JSON would lose. A long list of
 * strings, numbers and the like is frozen and shared instead.
 */
export function copyJson(json: unknown): unknown {
  const root = emptyLike(json);
  // Objects and their empty copies, in turn.
  const pending: object[] = isObject(json) ? [json, root as object] : [];
  for (let to = pending.pop(); to !== undefined; to = pending.pop()) {
    const from = pending.pop() as object; // below its copy
    const add = (value: unknown): unknown => {
      if (isLongList(value)) return Object.freeze(value);
      const copy = emptyLike(value);
      if (isObject(value)) pending.push(value, copy as object);
      return copy;
    };
    if (Array.isArray(from)) {
      for (const value of from) (to as unknown[]).push(add(value));
      continue;
    }
    for (const key of Object.keys(from)) {
      const copy = add((from as Members)[key]);
      if (key in to) define(to, key, copy);
      else (to as Members)[key] = copy;
    }
  }
  return root;
}

interface Members {
  [key: string]: unknown;
}

/** For a name of an inherited member: `__proto__` cannot be assigned to, and others may be read-only. */
function define(to: object, key: string, value: unknown): void {
  Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
}

function isLongList(value: unknown): boolean {
  return Array.isArray(value) && value.length > MAX_COPIED && !value.some(isObject);
}

function emptyLike(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isObject(value) ? {} : value;
}

/** Whether a JSON value has members: an object or an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
