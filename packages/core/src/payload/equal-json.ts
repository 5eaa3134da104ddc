/**
 * Whether two parsed JSON values come from documents that differ only in white space. The order of members matters, and
 * `-0` is not `0`. It does not recurse, because a payload may be nested more deeply than the stack allows.
 */
export function areEqualJson(a: unknown, b: unknown): boolean {
  const pending: unknown[] = [a, b];
  while (pending.length > 0) {
    const right = pending.pop();
    const left = pending.pop();
    if (Object.is(left, right)) continue;
    if (typeof left !== "object" || typeof right !== "object") return false;
    if (left === null || right === null || Array.isArray(left) !== Array.isArray(right)) {
      return false;
    }
    const [names, itsNames] = [Object.keys(left), Object.keys(right)];
    if (names.length !== itsNames.length) return false;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string; // i < length
      if (name !== itsNames[i]) return false;
      pending.push((left as Members)[name], (right as Members)[name]);
    }
  }
  return true;
}

type Members = Readonly<Record<string, unknown>>;
