import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Channel to which Node's `fetch` publishes each request that it writes to a socket. */
const CHANNEL = "undici:client:sendHeaders";

/** A message of the channel. All members are optional, because Node.js may change them. */
interface Sent {
  readonly request?: { readonly origin?: unknown; readonly path?: unknown };
  readonly socket?: { unref?(): void };
}

/**
 * Sends a request whose socket does not keep Node.js alive. Node's `fetch` has no option for this, and callers that
 * wait use their own timers. Other implementations, such as a custom `fetch`, are not affected.
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
