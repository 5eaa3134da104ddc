import { type ErrorCode, SortitionError } from "@sortition/core/source";

/** Codes of all errors of this package. */
export type RedisErrorCode = Extract<ErrorCode, `SORTITION_REDIS_${string}`>;

/** A problem with Redis, or with what it stores. */
export class RedisError extends SortitionError {
  override readonly name = "RedisError";
  constructor(
    readonly code: RedisErrorCode,
    message: string,
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
  }
}

/** Whether Redis did not answer in time: it may be about to do what it was asked for. */
export function isTimeout(error: unknown): boolean {
  return error instanceof RedisError && error.code === "SORTITION_REDIS_TIMEOUT";
}
