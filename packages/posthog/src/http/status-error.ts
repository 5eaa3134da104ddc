import { HttpStatusError } from "@sortition/core";
import { statusMessage } from "./answer-message.js";

/** Creates an error for an unexpected status. It has a member `status`, which callers of the vendor's SDK read. */
export function statusError(
  status: number,
  retryAfterMs: number | null,
  url: string,
): HttpStatusError {
  const message = statusMessage(status, url, "is the project token right?");
  return Object.assign(new HttpStatusError(status, retryAfterMs, message), { status });
}
