import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { listenOnOwnPort } from "@sortition/test-kit";

/** A CONNECT request for a tunnel. */
export interface ProxiedRequest {
  readonly method: string;
  /** `host:port`. */
  readonly target: string;
  readonly authorization: string | undefined;
}

/** An HTTP proxy on loopback that only supports tunnels. */
export interface ConnectProxy extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly requests: readonly ProxiedRequest[];
  readonly openConnections: number;
}

/**
 * How a proxy handles a CONNECT: open the tunnel, do nothing, close or reset the connection, cut off
 * its response, respond in another protocol, or respond with a status.
 */
export type ConnectReply = "open" | "hang" | "close" | "reset" | "half" | "other protocol" | number;

/** What is sent before the connection is closed. */
const LAST_WORDS: Readonly<Record<string, string>> = {
  close: "",
  half: "HTTP/1.1 200 Connection est",
  "other protocol": "220 ready\r\n",
};

/** Starts a proxy on a free port. */
export async function startConnectProxy(reply: ConnectReply = "open"): Promise<ConnectProxy> {
  const requests: ProxiedRequest[] = [];
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => {});
  };
  const server = createServer();
  server.on("connection", track);
  server.on("connect", ({ method = "", url: target = "", headers }, socket: Socket) => {
    requests.push({ method, target, authorization: headers["proxy-authorization"] });
    if (reply === "hang") {
      socket.resume().once("end", () => socket.end()); // otherwise it would stay half open
      return;
    }
    if (reply === "reset") {
      socket.resetAndDestroy();
      return;
    }
    if (reply !== "open") {
      socket.end(LAST_WORDS[reply] ?? `HTTP/1.1 ${reply} Refused\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${target}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    track(upstream);
    upstream.once("close", () => socket.destroy());
    socket.once("close", () => upstream.destroy());
  });
  await listenOnOwnPort(server);
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get openConnections() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
