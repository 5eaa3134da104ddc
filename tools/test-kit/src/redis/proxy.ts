import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * A TCP proxy in front of a server. Tests change its behaviour, even for open connections. Like TCP, it never forwards a byte
 * without those before it: a change of behaviour first forwards what was held back.
 */
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
  /** Accepts connections and data, and holds everything back, including the ends of connections. */
  blackHole(): void;
  /**
   * Stops forwarding data of open connections for good that have sent this string near their start, such as
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

/** One direction of a connection. */
interface Lane {
  readonly to: Socket;
  /** What was received and not yet forwarded, in order. `null`: the end. */
  readonly held: (Buffer | null)[];
}

/** A connection of a client, and its connection to the server. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly lanes: readonly Lane[];
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
  const release = ({ held, to }: Lane): void => {
    const next = mode.kind === "black-hole" ? undefined : held.shift();
    if (next === null) to.destroySoon();
    else if (next !== undefined && !to.destroyed) to.write(next);
  };
  const forward = (pair: Pair, lane: Lane, chunk: Buffer | null): void => {
    if (pair.isSwallowed && chunk !== null) return;
    const isReply = lane.to === pair.near;
    if (!isReply && chunk !== null && pair.sent.length < SENT_LENGTH) {
      pair.sent += chunk.toString("latin1");
    }
    lane.held.push(chunk);
    switch (mode.kind) {
      case "pass":
        release(lane);
        return;
      case "delay":
        setTimeout(release, mode.ms, lane);
        return;
      case "throttle": {
        if (isReply) {
          release(lane);
          return;
        }
        const nowMs = performance.now();
        const durationMs = ((chunk?.length ?? 0) / mode.bytesPerSecond) * 1_000;
        pair.freeAtMs = Math.max(pair.freeAtMs, nowMs) + durationMs;
        setTimeout(release, pair.freeAtMs - nowMs, lane);
        return;
      }
      case "black-hole":
        return;
      case "reset":
        resetPair(pair);
        return;
      case "cut": {
        const rest = mode.bytes - pair.replied;
        if (isReply && chunk !== null) pair.replied += chunk.length;
        if (!isReply || chunk === null || chunk.length <= rest) {
          release(lane);
          return;
        }
        pair.isSwallowed = true;
        lane.held.length = 0;
        lane.to.write(chunk.subarray(0, Math.max(rest, 0)), () => resetPair(pair));
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
    const [request, reply]: readonly [Lane, Lane] = [
      { to: far, held: [] },
      { to: near, held: [] },
    ];
    const counts = { replied: 0, sent: "", isSwallowed: false, freeAtMs: 0 };
    const pair: Pair = { near, far, lanes: [request, reply], ...counts };
    pairs.add(pair);
    for (const [from, lane] of [
      [near, request],
      [far, reply],
    ] as const) {
      from.on("data", (chunk) => forward(pair, lane, chunk));
      from.on("error", () => {}); // "close" follows
      from.on("close", () => {
        if (lane.to.destroyed) pairs.delete(pair);
        else forward(pair, lane, null);
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server has an address of this type.
  const { port: ownPort } = server.address() as AddressInfo;

  const set = (next: Mode): void => {
    mode = next;
    for (const pair of pairs) {
      pair.replied = 0;
      if (next.kind === "reset") resetPair(pair);
      for (const lane of pair.lanes) for (const _ of [...lane.held]) release(lane);
    }
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
