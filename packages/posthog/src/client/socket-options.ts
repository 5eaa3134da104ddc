import { OptionError } from "@sortition/core";
import type { SocketOptions as TransportSocketOptions } from "@sortition/node/internal";

/** Options for sockets. See `setSocketOptions`. */
export type SocketOptions = Omit<TransportSocketOptions, "isReused">;

/** Options for clients that are created later. */
let sockets: TransportSocketOptions = {};

/** Returns the socket options for a new client, or `undefined` if none were set. */
export function chosenSockets(): TransportSocketOptions | undefined {
  return Object.keys(sockets).length === 0 ? undefined : sockets;
}

/** Makes later clients open a new connection for each request, unless they have their own `fetch` or dispatcher. */
export function disableConnectionReuse(): void {
  sockets = { ...sockets, isReused: false };
}

/** Makes later clients probe idle connections by TCP after a minute, which is the default. */
export function enableKeepAlive(): void {
  sockets = { ...sockets, keepAlive: true, keepAliveInitialDelayMs: 60_000 };
}

/**
 * Sets socket options for later clients. `null` restores the defaults.
 *
 * @throws OptionError for a list of raw socket options, which Node.js does not have.
 */
export function setSocketOptions(options: SocketOptions | null): void {
  if (Array.isArray(options)) {
    throw new OptionError(
      "options",
      "Node has no raw socket options: use keepAlive, keepAliveInitialDelayMs, noDelay, family or localAddress",
    );
  }
  const { isReused } = sockets;
  sockets = { ...(isReused === undefined ? {} : { isReused }), ...options };
}
