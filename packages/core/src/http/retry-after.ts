/** Inputs of {@link retryAfterMs}. */
export interface RetryAfterSource {
  /** The `Retry-After` header, or `null`. */
  readonly retryAfter: string | null;
  /** The `Date` of the response. A date in `Retry-After` is compared with it, because the local clock may be wrong. */
  readonly date: string | null;
  /** Wall clock, epoch ms, used if the response has no date. */
  readonly nowMs: number;
}

/** Returns the delay that `Retry-After` requests, in ms. Returns `null` if it is absent, invalid or in the past. */
export function retryAfterMs({ retryAfter, date, nowMs }: RetryAfterSource): number | null {
  if (retryAfter === null) return null;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const untilMs = httpDateMs(retryAfter);
  if (untilMs === null) return null;
  const sinceMs = (date === null ? null : httpDateMs(date)) ?? nowMs;
  return untilMs > sinceMs ? untilMs - sinceMs : null;
}

/** Parses an HTTP date, which ends in GMT. `Date.parse` alone would accept nearly anything. */
function httpDateMs(date: string): number | null {
  const ms = date.endsWith(" GMT") ? Date.parse(date) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
