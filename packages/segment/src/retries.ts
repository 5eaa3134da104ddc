import {
  HttpStatusError,
  isRefusalStatus,
  isTransientStatus,
  retryAfterMs,
  type TrackMessage,
  type TrackOutcome,
} from "@sortition/core/internal";

/** Why a request failed, and whether a later one may succeed. */
export interface RequestFailure {
  readonly error: unknown;
  readonly isTemporary: boolean;
}

/** Statuses that the library, unlike us elsewhere, retries or does not retry. */
const TEMPORARY: readonly number[] = [410, 460];
const PERMANENT: readonly number[] = [501, 505, 511];

/** Returns why a response means failure; `null` if it succeeded. */
export function failureOf({ headers, status }: Response): RequestFailure | null {
  if (status < 400) return null;
  const [retryAfter, date] = [headers.get("retry-after"), headers.get("date")];
  const askedMs = retryAfterMs({ retryAfter, date, nowMs: Date.now() });
  return {
    error: new HttpStatusError(status, askedMs),
    isTemporary:
      TEMPORARY.includes(status) || (isTransientStatus(status) && !PERMANENT.includes(status)),
  };
}

/** Counts the retries of each message. A retry that the service requested by `Retry-After` is not counted. */
export class Retries {
  readonly #max: number;
  readonly #made = new WeakMap<TrackMessage, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Returns the outcome of a message whose request failed. */
  outcomeOf({ error, isTemporary }: RequestFailure, message: TrackMessage): TrackOutcome {
    const status = error instanceof HttpStatusError ? error : null;
    if (status !== null && isRefusalStatus(status.httpStatus)) {
      return { kind: "refused", status: status.httpStatus, error };
    }
    const made = this.#made.get(message) ?? 0;
    if (!isTemporary || made >= this.#max) return { kind: "failed", error };
    if ((status?.retryAfterMs ?? null) === null) this.#made.set(message, made + 1);
    return { kind: "retry", error };
  }
}
