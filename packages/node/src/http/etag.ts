/**
 * An entity tag that can be sent back byte for byte, weak ones included; `null` for none, or for one
 * with characters that undici did not hand over as they came (it reads headers as UTF-8).
 */
export function usableEtag(header: string | null): string | null {
  return header !== null && /^[\x21-\x7e][\x20-\x7e]*$/.test(header) ? header : null;
}
