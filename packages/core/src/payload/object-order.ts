const MAX_INDEX = 2 ** 32 - 2;

/** Returns entries in the order of an object's members, with array indices first, in ascending order. */
export function inObjectOrder<T>(entries: Map<string, T>): Map<string, T> {
  const indices: string[] = [];
  for (const key of entries.keys()) if (isArrayIndex(key)) indices.push(key);
  if (indices.length === 0) return entries;
  indices.sort((a, b) => Number(a) - Number(b));
  const inOrder = new Map<string, T>();
  // Each entry exists, but its value may be `undefined`.
  for (const key of indices) inOrder.set(key, entries.get(key) as T);
  for (const [key, value] of entries) if (!inOrder.has(key)) inOrder.set(key, value);
  return inOrder;
}

/** Whether an object lists a member with this name before others. */
export function isArrayIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  if (!(first >= 0x30 && first <= 0x39) || key.length > 10) return false;
  return /^(?:0|[1-9]\d*)$/.test(key) && Number(key) <= MAX_INDEX;
}
