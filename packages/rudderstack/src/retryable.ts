import { isTransientStatus, type Settle } from "@sortition/core/internal";

/** The members of an axios error that decide the outcome of the event. */
interface RequestError {
  readonly response?: { readonly status?: number };
  readonly code?: string;
}

/**
 * Settles a message with the argument of its `track` callback, which is an error, or nothing on success. The library
 * retries for about two seconds. After that, the logger keeps the event and resends it later.
 */
export function settleRequest(settle: Settle, error: unknown): void {
  if (error === undefined || error === null) {
    settle.delivered();
    return;
  }
  const { code, response } = error as RequestError;
  const { status } = response ?? {};
  const mayPass = status === undefined ? typeof code === "string" : isTransientStatus(status);
  if (mayPass) settle.retry(error);
  else settle.failed(error);
}
