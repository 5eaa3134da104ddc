/** Minimum length of a key for its prefix to be shown. */
const SHOWN_FROM = 12;

/** Masks a key for logs. The prefix distinguishes `sdk-…` from another kind of key. */
export function maskedKey(key: string): string {
  return key.length < SHOWN_FROM ? "…" : `${key.slice(0, 4)}…`;
}
