/**
 * Makes a `ConfigurationOrigin.scope`: SHA-256 of the identity of the origin, which cannot be read from it. A getter
 * of the origin calls it only for callers that keep copies, because it loads `node:crypto`, which takes 3 ms.
 */
export function scopeOf(...identity: readonly string[]): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(identity.join("\0")).digest("hex");
}
