import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** A port on loopback where connections neither succeed nor fail. */
export interface BlackHole {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens, then blocks its thread, so that no connection is accepted from the backlog. */
const LISTENER = `
  const { createServer } = require("node:net");
  const { parentPort } = require("node:worker_threads");
  const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
/** More connections than fit into a backlog of 1. */
const CONNECTIONS = 4;

/** Opens a black hole. Relies on Linux, which ignores connections when the backlog is full. */
export async function openBlackHole(): Promise<BlackHole> {
  const worker = new Worker(LISTENER, { eval: true });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  const connections: Socket[] = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const connection = connect(port, "127.0.0.1");
    connection.on("error", () => {}); // reset when the worker ends
    connections.push(connection);
  }
  // Waits for the first connection, which is established only after all of them have tried.
  await new Promise((resolve) => connections[0]?.once("connect", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      for (const connection of connections) connection.destroy();
      await worker.terminate();
    },
  };
}
