/**
 * Maximum length of lists that are copied. Copying a longer list would cost more than the evaluation that it describes.
 */
const MAX_COPIED = 100;

/**
 * Long lists that are frozen and shared. They are not searched for objects again, because `some` is slow on a frozen
 * array.
 */
const shared = /* @__PURE__ */ new WeakSet<object>();

/**
 * Returns a deep copy of a parsed JSON value, for callers who may modify it. It does not recurse, because a payload may
 * be nested more deeply than the stack allows. It keeps `-0` and `1e999`, which would be lost in JSON. A long list of
 * scalars is frozen and shared instead.
 */
export function copyJson(json: unknown): unknown {
  const root = emptyLike(json);
  // Contains objects, each followed by its empty copy.
  const pending: object[] = isObject(json) ? [json, root as object] : [];
  for (let to = pending.pop(); to !== undefined; to = pending.pop()) {
    const from = pending.pop() as object; // each object precedes its copy
    const add = (value: unknown): unknown => {
      if (isShared(value)) return value;
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

/**
 * Defines a member with the name of an inherited member, because `__proto__` cannot be assigned and others may be
 * read-only.
 */
function define(to: object, key: string, value: unknown): void {
  Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Whether a value is a long list without objects. If so, it is frozen. */
function isShared(value: unknown): boolean {
  if (!Array.isArray(value) || value.length <= MAX_COPIED) return false;
  if (shared.has(value)) return true;
  if (value.some(isObject)) return false;
  shared.add(Object.freeze(value));
  return true;
}

function emptyLike(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isObject(value) ? {} : value;
}

/** Whether a JSON value has members: an object or an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
