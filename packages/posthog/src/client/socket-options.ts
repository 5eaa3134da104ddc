import { OptionError } from "@sortition/core";
import type { SocketOptions as TransportSocketOptions } from "@sortition/node/internal";

/** How sockets are made; see `setSocketOptions`. */
export type SocketOptions = Omit<TransportSocketOptions, "isReused">;

/** For clients that are made from now on. */
let sockets: TransportSocketOptions = {};

/** The options of sockets for a client that is made now; `undefined`: nothing was chosen. */
export function chosenSockets(): TransportSocketOptions | undefined {
  return Object.keys(sockets).length === 0 ? undefined : sockets;
}

/** Makes a connection for each request. For clients that are made afterwards, without a `fetch` or dispatcher of their own. */
export function disableConnectionReuse(): void {
  sockets = { ...sockets, isReused: false };
}

/** Has idle connections probed by TCP after a minute, as is the default. For clients that are made afterwards. */
export function enableKeepAlive(): void {
  sockets = { ...sockets, keepAlive: true, keepAliveInitialDelayMs: 60_000 };
}

/**
 * Chooses how sockets are made, for clients that are made afterwards. `null`: as by default.
 *
 * @throws OptionError for a list of raw socket options, which Node does not have.
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
