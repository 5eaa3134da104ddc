import { HttpStatusError } from "@sortition/core";
import { statusMessage } from "./answer-message.js";

/** For an answer with another status than the expected ones: callers of the vendor's SDK read `status` of its errors. */
export function statusError(
  status: number,
  retryAfterMs: number | null,
  url: string,
): HttpStatusError {
  const message = statusMessage(status, url, "is the project token right?");
  return Object.assign(new HttpStatusError(status, retryAfterMs, message), { status });
}
