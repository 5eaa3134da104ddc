import { createServer, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { later } from "./start.js";

/** A forward proxy on loopback whose connections can be cut. */
export interface TestProxy {
  readonly url: string;
  /** Number of forwarded requests. */
  readonly requests: number;
  /** Resets all connections from now on. */
  cut(): void;
}

/** Starts a proxy that ends after the test. */
export async function startProxy(): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  let [isCut, requests] = [false, 0];
  const server = createServer((incoming, outgoing) => {
    requests += 1;
    const { headers, method, url = "" } = incoming;
    const forwarded = request(url, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    if (isCut) socket.resetAndDestroy();
  });
  server.on("connect", ({ url = "" }, socket: Socket) => {
    requests += 1;
    const { hostname, port } = new URL(`http://${url}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    isCut = true;
    for (const it of sockets) it.resetAndDestroy();
  };
  later(async () => {
    cut();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    cut,
  };
}
