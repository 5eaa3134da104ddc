import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy in front of a server. Tests change its behaviour, even for open connections. */
export interface TcpProxy {
  readonly port: number;
  readonly url: string;
  /** Number of open connections. */
  readonly connections: number;
  /** Number of connections that were ever opened. */
  readonly opened: number;
  /** Leads new connections to another port. Open ones stay where they are. */
  lead(targetPort: number): void;
  /** Forwards everything. This is the initial state. */
  pass(): void;
  /** Forwards everything with a delay, in both directions. */
  delay(ms: number): void;
  /** Forwards the data of each client at this rate. */
  throttle(bytesPerSecond: number): void;
  /** Accepts connections and data, and forwards nothing. */
  blackHole(): void;
  /**
   * Stops forwarding data of open connections that have sent this string near their start, such as
   * `subscribe`. Other connections and new ones are not affected.
   */
  swallow(sent: string): void;
  /** Resets all connections, including new ones. */
  reset(): void;
  /**
   * Resets each connection after this number of bytes in replies, counted from now or from its
   * start.
   */
  cut(bytes: number): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

type Mode =
  | { readonly kind: "pass" | "black-hole" | "reset" }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "throttle"; readonly bytesPerSecond: number }
  | { readonly kind: "cut"; readonly bytes: number };

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** Bytes in replies since the mode was set. */
  replied: number;
  /** The first bytes that the client has sent. */
  sent: string;
  isSwallowed: boolean;
  /** When a throttled connection may forward the next bytes. */
  freeAtMs: number;
}

/** Number of sent bytes that are kept per connection. */
const SENT_LENGTH = 4_096;

/** Starts a proxy for a port of loopback. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  let mode: Mode = { kind: "pass" };
  let port = targetPort;
  let opened = 0;
  const pairs = new Set<Pair>();

  const resetPair = (pair: Pair): void => {
    pair.near.resetAndDestroy();
    pair.far.destroy();
  };
  const forward = (pair: Pair, to: Socket, chunk: Buffer): void => {
    if (pair.isSwallowed) return;
    const isReply = to === pair.near;
    if (!isReply && pair.sent.length < SENT_LENGTH) pair.sent += chunk.toString("latin1");
    switch (mode.kind) {
      case "pass":
        to.write(chunk);
        return;
      case "delay":
        setTimeout(() => to.destroyed || to.write(chunk), mode.ms);
        return;
      case "throttle": {
        if (isReply) {
          to.write(chunk);
          return;
        }
        const nowMs = performance.now();
        const durationMs = (chunk.length / mode.bytesPerSecond) * 1_000;
        pair.freeAtMs = Math.max(pair.freeAtMs, nowMs) + durationMs;
        setTimeout(() => to.destroyed || to.write(chunk), pair.freeAtMs - nowMs);
        return;
      }
      case "black-hole":
        return;
      case "reset":
        resetPair(pair);
        return;
      case "cut": {
        const rest = isReply ? mode.bytes - pair.replied : chunk.length;
        if (isReply) pair.replied += chunk.length;
        if (chunk.length <= rest) to.write(chunk);
        else to.write(chunk.subarray(0, Math.max(rest, 0)), () => resetPair(pair));
      }
    }
  };

  const server = createServer((near) => {
    if (mode.kind === "reset") {
      near.resetAndDestroy();
      return;
    }
    opened += 1;
    const far = connect(port, "127.0.0.1");
    const pair: Pair = { near, far, replied: 0, sent: "", isSwallowed: false, freeAtMs: 0 };
    pairs.add(pair);
    for (const [from, to] of [
      [pair.near, pair.far],
      [pair.far, pair.near],
    ] as const) {
      from.on("data", (chunk) => forward(pair, to, chunk));
      from.on("error", () => {}); // "close" follows
      from.on("close", () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server has an address of this type.
  const { port: ownPort } = server.address() as AddressInfo;

  const set = (next: Mode): void => {
    mode = next;
    for (const pair of pairs) pair.replied = 0;
    if (next.kind === "reset") for (const pair of pairs) resetPair(pair);
  };
  const close = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    await closed;
  };
  return {
    port: ownPort,
    url: `redis://127.0.0.1:${ownPort}`,
    get connections() {
      return pairs.size;
    },
    get opened() {
      return opened;
    },
    lead(targetPort) {
      port = targetPort;
    },
    pass: () => set({ kind: "pass" }),
    delay: (ms) => set({ kind: "delay", ms }),
    throttle: (bytesPerSecond) => set({ kind: "throttle", bytesPerSecond }),
    blackHole: () => set({ kind: "black-hole" }),
    swallow(sent) {
      for (const pair of pairs) pair.isSwallowed ||= pair.sent.includes(sent);
    },
    reset: () => set({ kind: "reset" }),
    cut: (bytes) => set({ kind: "cut", bytes }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
