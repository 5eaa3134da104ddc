/** Returns a list in a reply, or an empty list for `nil`. */
export function listOf(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}

/** Converts alternating fields and values. */
export function pairsOf(reply: unknown): ReadonlyMap<string, string> {
  const list = listOf(reply);
  const pairs = new Map<string, string>();
  for (let i = 0; i + 1 < list.length; i += 2) pairs.set(String(list[i]), String(list[i + 1]));
  return pairs;
}
