import {
  HttpStatusError,
  isRefusalStatus,
  isTransientStatus,
  retryAfterMs,
  type Settle,
  type TrackOutcome,
} from "@sortition/core/internal";

/** The members of an axios error that decide the outcome of the event. */
interface RequestError {
  readonly response?: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, unknown>>;
  };
  readonly code?: string;
}

/**
 * Returns the outcome of a message. The argument of its `track` callback is an error, or nothing on
 * success. The library retries for about two seconds. After that, the logger keeps the event and
 * resends it later.
 */
export function outcomeOf(error: unknown): TrackOutcome {
  if (error === undefined || error === null) return { kind: "delivered" };
  const { code, response } = error as RequestError;
  const { status } = response ?? {};
  if (status === undefined) return { kind: typeof code === "string" ? "retry" : "failed", error };
  if (isRefusalStatus(status)) return { kind: "refused", status, error };
  if (!isTransientStatus(status)) return { kind: "failed", error };
  const askedMs = askedDelayMs(error as RequestError);
  return { kind: "retry", error: askedMs === null ? error : new HttpStatusError(status, askedMs) };
}

/** Settles a message of the user's instance. The instance itself decides how many events a request has. */
export function settleRequest(settle: Settle, error: unknown): void {
  const outcome = outcomeOf(error);
  if (outcome.kind === "delivered") settle.delivered();
  else if (outcome.kind === "retry") settle.retry(outcome.error);
  else settle.failed(outcome.error);
}

/**
 * Delay before the library's next retry. After `Retry-After`, the logger itself must wait with all requests. An infinite
 * delay exceeds the time-out, so the library gives up and reports the error.
 */
export function retryDelayMs(retries: number, error: unknown): number {
  if (askedDelayMs(error as RequestError) !== null) return Number.POSITIVE_INFINITY;
  return 100 * 2 ** retries * (1 + Math.random() / 5);
}

/** Returns the delay that the service requested. `null`: none. */
function askedDelayMs({ response }: RequestError): number | null {
  const { date, "retry-after": retryAfter } = response?.headers ?? {};
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  return retryAfterMs({ retryAfter: text(retryAfter), date: text(date), nowMs: Date.now() });
}
