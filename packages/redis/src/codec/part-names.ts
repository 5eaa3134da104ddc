/**
 * Escapes the name of a part for fields and lists, where `,` separates names, `:` separates the
 * kind of a field from the name, and `=` separates a name from its hash.
 */
export function encodeName(name: string): string {
  return name.replace(
    /[%,:=]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Reverses {@link encodeName}. */
export function decodeName(encoded: string): string {
  return encoded.replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Encodes names and hashes in one field, in order. */
export function encodeHashes(hashes: ReadonlyMap<string, string>): string {
  return Array.from(hashes, ([name, hash]) => `${encodeName(name)}=${hash}`).join(",");
}

/** Decodes the names and hashes of {@link encodeHashes}. Skips malformed entries. */
export function decodeHashes(field: string): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const item of field.split(",")) {
    const [name = "", hash] = item.split("=");
    if (hash !== undefined) hashes.set(decodeName(name), hash);
  }
  return hashes;
}
