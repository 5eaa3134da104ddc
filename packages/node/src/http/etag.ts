/**
 * Returns an entity tag that can be sent back byte for byte, weak ones included. Returns `null` without
 * one, or if it has characters other than ASCII: undici decodes headers as UTF-8, which may change them.
 */
export function usableEtag(header: string | null): string | null {
  return header !== null && /^[\x21-\x7e][\x20-\x7e]*$/.test(header) ? header : null;
}
