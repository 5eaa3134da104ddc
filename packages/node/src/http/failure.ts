import { errorFailure, type Failure, NetworkError, SortitionError } from "@sortition/core/internal";
import { type Asked, networkMessage } from "./network-message.js";
import { UndiciMissingError } from "./senders/undici.js";
import { systemCodeOf } from "./system-code.js";

/**
 * Classifies a thrown error. Protocol violations and options that this process cannot support are
 * permanent; all other errors are temporary.
 *
 * @param url - the request's URL. Together with `asked`, it is described in the message.
 */
export function thrownFailure(cause: unknown, url?: URL, asked?: Asked): Failure {
  const error = transportError(cause, url, asked);
  return error instanceof UndiciMissingError
    ? { kind: "rejected", error, retryAfterMs: null }
    : errorFailure(error);
}

/**
 * Returns a `SortitionError` unchanged, and wraps an error of the system or of undici in a {@link
 * NetworkError}.
 *
 * @param url - the request's URL. Together with `asked`, it is described in the message.
 */
export function transportError(cause: unknown, url?: URL, asked?: Asked): SortitionError {
  if (SortitionError.is(cause)) return cause;
  if (url && asked) return new NetworkError(networkMessage(cause, url, asked), cause);
  const code = systemCodeOf(cause);
  return new NetworkError(code ? `the request failed: ${code}` : "the request failed", cause);
}
