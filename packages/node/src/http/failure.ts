import { errorFailure, type Failure, NetworkError, SortitionError } from "@sortition/core/internal";
import { type Asked, networkMessage } from "./network-message.js";
import { UndiciMissingError } from "./senders/undici.js";
import { systemCodeOf } from "./system-code.js";

/**
 * Classifies a thrown error: violations of the protocol are lasting, and so is an option that this process cannot serve;
 * everything else is temporary.
 *
 * @param url - with `asked`: where the request went. The message then says that.
 */
export function thrownFailure(cause: unknown, url?: URL, asked?: Asked): Failure {
  const error = transportError(cause, url, asked);
  return error instanceof UndiciMissingError
    ? { kind: "rejected", error, retryAfterMs: null }
    : errorFailure(error);
}

/**
 * Returns a `SortitionError` as it is, and wraps an error of the system or of undici in a {@link NetworkError}.
 *
 * @param url - with `asked`: where the request went.
 */
export function transportError(cause: unknown, url?: URL, asked?: Asked): SortitionError {
  if (SortitionError.is(cause)) return cause;
  if (url && asked) return new NetworkError(networkMessage(cause, url, asked), cause);
  const code = systemCodeOf(cause);
  return new NetworkError(code ? `the request failed: ${code}` : "the request failed", cause);
}
