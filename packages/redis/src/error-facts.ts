import { type Facts, SortitionError } from "@sortition/core/kit";
import { RedisError } from "./errors/redis-error.js";

/** What a message says of an error: its code, the word of Redis or of the system, and what to look at. */
export function factsOf(error: unknown): Facts {
  if (!SortitionError.is(error)) return { code: "SORTITION_REDIS_UNREACHABLE" };
  const { code, message: reason } = error;
  const word = error instanceof RedisError ? error.word : null;
  return word === null ? { code, reason } : { code, systemCode: word, reason };
}
