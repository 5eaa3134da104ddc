/**
 * Makes a `ConfigurationOrigin.scope`: SHA-256 of what tells the origin from others, which cannot be read from it. A getter
 * of the origin calls it, for those who keep copies: `node:crypto`, which it loads, takes 3 ms.
 */
export function scopeOf(...identity: readonly string[]): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(identity.join("\0")).digest("hex");
}
