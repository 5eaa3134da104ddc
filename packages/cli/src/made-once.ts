/** Returns the value of a key, which is created on first use. */
export function madeOnce<Key, Value>(
  made: Pick<Map<Key, Value>, "get" | "has" | "set">,
  key: Key,
  make: () => Value,
): Value {
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as Value; // just made
}
