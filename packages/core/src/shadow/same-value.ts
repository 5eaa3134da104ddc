/**
 * Whether two flag values are deeply equal. The order of members does not matter. `1` equals `1.0`, but not `"1"`. Values that
 * JSON cannot express are equal only to themselves.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = [[a, b] as readonly [object, object]];
  for (let pair = left.pop(); pair !== undefined; pair = left.pop()) {
    const [one, other] = pair;
    if (Array.isArray(one) !== Array.isArray(other)) return false;
    const names = Object.keys(one);
    if (names.length !== Object.keys(other).length) return false;
    for (const name of names) {
      if (!Object.hasOwn(other, name)) return false;
      const x: unknown = (one as Readonly<Record<string, unknown>>)[name];
      const y: unknown = (other as Readonly<Record<string, unknown>>)[name];
      if (Object.is(x, y) || x === y) continue;
      if (typeof x !== "object" || typeof y !== "object" || x === null || y === null) return false;
      left.push([x, y]);
    }
  }
  return true;
}
