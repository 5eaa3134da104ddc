import type { Socket } from "node:net";
import type { Agent } from "undici";

/** Our own agent, and how to end it. */
export interface Connections {
  readonly agent: Agent;
  /** Ends all connections in the same turn, those in use and those being made too. */
  destroy(): void;
}

/**
 * Makes an agent with at most one connection per server. It remembers its sockets, because undici
 * does not end those that are still connecting. None of them holds the process: whoever waits for a
 * request does that, by the timer of its own deadline.
 */
export function createConnections(undici: typeof import("undici")): Connections {
  const sockets = new Set<Socket>();
  // The deadline of the request covers connecting.
  const connect = undici.buildConnector({ timeout: 0 });
  const agent = new undici.Agent({
    connections: 1,
    connect(options, callback) {
      // undici's connectors return the socket at once, which only their types leave out. (A signal
      // among the options would do too, but each socket leaves its listener there.)
      const socket = connect(options, callback) as unknown as Socket | undefined;
      if (socket === undefined) return;
      socket.unref();
      socket.ref = () => socket; // undici takes hold of the process with each request
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    },
  });
  return {
    agent,
    destroy() {
      // Whoever waits for a request has given it up: how the agent ends interests nobody.
      agent.destroy().catch(() => {});
      for (const socket of sockets) socket.destroy();
    },
  };
}
