import { type Facts, SortitionError } from "@sortition/core/internal";
import { RedisError } from "./errors/redis-error.js";

/**
 * Facts about an error for a message: its code, the error word of Redis or the system, and advice.
 */
export function factsOf(error: unknown): Facts {
  if (!SortitionError.is(error)) return { code: "SORTITION_REDIS_UNREACHABLE" };
  const { code, message: reason } = error;
  const word = error instanceof RedisError ? error.word : null;
  return word === null ? { code, reason } : { code, systemCode: word, reason };
}
