/** Shorter keys are not shown at all. */
const SHOWN_FROM = 12;

/** What a log may have of a key: enough to tell `sdk-…` from another kind of key. */
export function maskedKey(key: string): string {
  return key.length < SHOWN_FROM ? "…" : `${key.slice(0, 4)}…`;
}
