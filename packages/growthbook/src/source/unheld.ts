import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Where Node's `fetch` tells that it writes a request to a socket. */
const CHANNEL = "undici:client:sendHeaders";

/** What it tells; read with care, since it is not ours. */
interface Sent {
  readonly request?: { readonly origin?: unknown; readonly path?: unknown };
  readonly socket?: { unref?(): void };
}

/**
 * Sends a request whose socket does not hold the process, as Node's `fetch` has no option for it: who waits does,
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
