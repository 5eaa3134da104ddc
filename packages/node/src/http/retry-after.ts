/** What a `Retry-After` is read from. */
export interface RetryAfterSource {
  /** The header, `null` without one. */
  readonly retryAfter: string | null;
  /** The response's own `Date`: a date in the header is compared with it, so that a local clock that is wrong does no harm. */
  readonly date: string | null;
  /** Wall clock, epoch ms, for a response without a date. */
  readonly nowMs: number;
}

/** How long a server asks to be left alone, in ms; `null` if it does not, or not in a usable way. */
export function retryAfterMs({ retryAfter, date, nowMs }: RetryAfterSource): number | null {
  if (retryAfter === null) return null;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const untilMs = httpDateMs(retryAfter);
  if (untilMs === null) return null;
  const sinceMs = (date === null ? null : httpDateMs(date)) ?? nowMs;
  return untilMs > sinceMs ? untilMs - sinceMs : null;
}

/** `Date.parse` would make a date of nearly everything; dates of HTTP end in GMT. */
function httpDateMs(text: string): number | null {
  const ms = text.endsWith(" GMT") ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
