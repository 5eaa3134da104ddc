import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Channel on which Node's `fetch` publishes each request that it writes to a socket. */
const CHANNEL = "undici:client:sendHeaders";

/** A message of the channel. Every member is optional, since Node may change them. */
interface Sent {
  readonly request?: { readonly origin?: unknown; readonly path?: unknown };
  readonly socket?: { unref?(): void };
}

/**
 * Sends a request whose socket does not hold the process, because Node's `fetch` has no option for it: a caller that waits holds it,
 * by a timer of their own. Other ways to send, such as a `fetch` that is not Node's, hold the process as they do.
 *
 * @see docs/decisions/0044-a-request-outlives-its-instances.md
 */
export async function sendUnheld<T>(url: string, send: () => Promise<T>): Promise<T> {
  const { origin, pathname, search } = new URL(url);
  const onSent = (message: unknown): void => {
    const { request, socket } = message as Sent;
    if (request?.origin === origin && request.path === pathname + search) socket?.unref?.();
  };
  subscribe(CHANNEL, onSent);
  try {
    return await send();
  } finally {
    unsubscribe(CHANNEL, onSent);
  }
}
