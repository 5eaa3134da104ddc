import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** A port of loopback where nobody answers the telephone: connecting neither succeeds nor fails. */
export interface BlackHole {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens, and then never runs again, so that nobody takes a connection out of the queue. */
const LISTENER = `
  const { createServer } = require("node:net");
  const { parentPort } = require("node:worker_threads");
  const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
/** More than the queue of a backlog of 1 holds. */
const CALLERS = 4;

/** Opens a black hole. It relies on Linux, which ignores connections when the queue is full. */
export async function openBlackHole(): Promise<BlackHole> {
  const worker = new Worker(LISTENER, { eval: true });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  const callers: Socket[] = [];
  for (let i = 0; i < CALLERS; i++) {
    const caller = connect(port, "127.0.0.1");
    caller.on("error", () => {}); // the worker's end resets them
    callers.push(caller);
  }
  // The first one is connected only after all of them have knocked.
  await new Promise((resolve) => callers[0]?.once("connect", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      for (const caller of callers) caller.destroy();
      await worker.terminate();
    },
  };
}
