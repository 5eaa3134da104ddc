/** Inputs of {@link retryAfterMs}. */
export interface RetryAfterSource {
  /** The header, `null` without one. */
  readonly retryAfter: string | null;
  /** The `Date` of the response. A date in the header is compared with it, since the local clock may be wrong. */
  readonly date: string | null;
  /** Wall clock, epoch ms, used if the response has no date. */
  readonly nowMs: number;
}

/** Returns the delay that a `Retry-After` asks for, in ms; `null` without one, or if it is invalid or past. */
export function retryAfterMs({ retryAfter, date, nowMs }: RetryAfterSource): number | null {
  if (retryAfter === null) return null;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const untilMs = httpDateMs(retryAfter);
  if (untilMs === null) return null;
  const sinceMs = (date === null ? null : httpDateMs(date)) ?? nowMs;
  return untilMs > sinceMs ? untilMs - sinceMs : null;
}

/** Dates of HTTP end in GMT. `Date.parse` alone would accept nearly anything. */
function httpDateMs(date: string): number | null {
  const ms = date.endsWith(" GMT") ? Date.parse(date) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
