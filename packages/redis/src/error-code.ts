import { SortitionError } from "@sortition/core/source";

/** The code of an error of this library, for a message. */
export function codeOf(error: unknown): string {
  return error instanceof SortitionError ? error.code : "SORTITION_REDIS_UNREACHABLE";
}
