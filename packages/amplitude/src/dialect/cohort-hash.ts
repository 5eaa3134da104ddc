/** FNV-1a. */
export const HASH_START: number = 0x811c9dc5 | 0;

/** FNV-1a of one more byte. */
export function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}
