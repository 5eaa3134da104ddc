/**
 * A copy of a JSON value for a caller who may modify it. Anything but lists and plain objects is
 * returned as it is.
 */
export function freshValue(value: unknown): unknown {
  return typeof value !== "object" || value === null ? value : copied(value);
}

/** Does not recurse: a payload may nest deeper than the stack allows. */
function copied(value: object): unknown {
  const root = emptyLike(value);
  if (root === value) return value;
  const pending: [from: object, to: object][] = [[value, root]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [from, to] = next;
    for (const [key, member] of Object.entries(from)) {
      const copy = typeof member === "object" && member !== null ? emptyLike(member) : member;
      if (key === "__proto__") {
        Object.defineProperty(to, key, {
          value: copy,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      } else (to as Record<string, unknown>)[key] = copy;
      if (copy !== member) pending.push([member, copy]);
    }
  }
  return root;
}

function emptyLike(value: object): object {
  if (Array.isArray(value)) return [];
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? {} : value;
}
