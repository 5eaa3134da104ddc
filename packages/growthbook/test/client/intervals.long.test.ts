import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
// The SDK loads its streams when the first is wanted. Here, that would transform their sources for seconds.
import "@sortition/node/internal";
import { afterEach, describe, expect, it } from "vitest";
import type { GrowthBook, InitOptions } from "../../src/index.js";
import { BOTH, type NamedSdk } from "./sdks.js";
import { ShopServer } from "./shop-server.js";
import { SmallEventSource } from "./user-program.js";

const INTERVALS = 360;
const INTERVAL_MS = 100;
/** How often the features change. The cache becomes stale after half of this time. */
const CHANGE_MS = 1_000;
const STALE_MS = 500;
const API_MS = 30;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Features of one second: the version number, and an experiment that each request runs. */
const payloadOf = (version: number): object => ({
  features: {
    version: { defaultValue: version },
    button: { rules: [{ key: "button", variations: ["red", "blue"], hashAttribute: "id" }] },
  },
});

/** Processor time of this process. */
function cpuMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000;
}

/** A server that creates an instance for each request, with one of the packages. */
class Shop {
  readonly #sdk: NamedSdk["sdk"];
  readonly #init: InitOptions;
  readonly server: ShopServer;
  readonly #startedAtMs = performance.now();
  /** How many seconds the served version lagged behind the server, by request. */
  readonly behind: number[] = [];
  readonly events: string[] = [];
  /** Processor time of the synchronous part of the requests. */
  readonly spentMs: number[] = [];

  constructor({ sdk }: NamedSdk, server: ShopServer, init: InitOptions) {
    this.#sdk = sdk;
    this.#init = init;
    this.server = server;
    server.interceptor = ({ target }, response) => {
      if (!target.startsWith("/api/")) return false;
      setTimeout(() => {
        const sse = { "x-sse-support": server.options.hasStream ? "enabled" : "disabled" };
        response.writeHead(200, { "content-type": "application/json", ...sse });
        response.end(JSON.stringify(payloadOf(this.version)));
      }, API_MS);
      return true;
    };
  }

  get version(): number {
    return Math.floor((performance.now() - this.#startedAtMs) / CHANGE_MS);
  }

  /** Notifies streams of a change. */
  publish(): void {
    this.server.push("features", JSON.stringify(payloadOf(this.version)));
  }

  async serve(request: number): Promise<void> {
    let spentMs = -cpuMs();
    const gb: GrowthBook = new this.#sdk.GrowthBook({
      apiHost: this.server.url,
      clientKey: "sdk-intervals",
      attributes: { id: `user-${request}` },
      trackingCallback: ({ key }, { hashValue, variationId }) =>
        void this.events.push(`${key} ${hashValue} ${variationId}`),
    });
    spentMs += cpuMs();
    await gb.init(this.#init);
    spentMs -= cpuMs();
    this.behind.push(this.version - gb.getFeatureValue("version", 0));
    gb.getFeatureValue("button", "none");
    spentMs += cpuMs();
    await pause(10);
    gb.destroy();
    this.spentMs.push(spentMs);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, it) => all + it, 0);

describe.each([
  { shape: "polled", init: {}, hasStream: false },
  { shape: "streamed", init: { streaming: true }, hasStream: true },
])("360 intervals of 100 ms with an instance per request, $shape", ({ init, hasStream, shape }) => {
  const servers: ShopServer[] = [];

  afterEach(async () => {
    for (const { sdk } of BOTH) {
      await sdk.clearCache();
      sdk.configureCache({ staleTTL: 60_000 });
      sdk.setPolyfills({ EventSource: undefined });
    }
    for (const server of servers.splice(0)) await server.close();
  });

  it("serve the same values as the vendor's SDK, without more requests or connections or rising costs", async () => {
    const shops: Shop[] = [];
    for (const named of BOTH) {
      named.sdk.configureCache({ staleTTL: hasStream ? 60_000 : STALE_MS });
      // Our SDK needs no polyfill.
      if (named.name !== "ours") named.sdk.setPolyfills({ EventSource: SmallEventSource });
      const server = await new ShopServer({ payload: null, hasStream }).start();
      servers.push(server);
      shops.push(new Shop(named, server, init));
    }
    const heapBytes: number[] = [];
    const startedAtMs = performance.now();
    for (let i = 0; i < INTERVALS; i++) {
      await Promise.all(shops.map((shop) => shop.serve(i)));
      if (hasStream && i % (CHANGE_MS / INTERVAL_MS) === 0) for (const it of shops) it.publish();
      if ([INTERVALS / 3, INTERVALS - 1].includes(i)) {
        collectGarbage();
        heapBytes.push(process.memoryUsage().heapUsed);
      }
      await pause(Math.max(0, startedAtMs + (i + 1) * INTERVAL_MS - performance.now()));
    }
    const [theirs, ours] = shops as [Shop, Shop];
    for (const [i, { behind, server, spentMs }] of shops.entries()) {
      const { connections, requests } = server;
      const counts = { requests: requests.length, connections, behind: sum(behind) };
      console.info(shape, BOTH[i]?.name, counts, sum(spentMs).toFixed(0), "ms", heapBytes);
    }

    expect(ours.events).toEqual(theirs.events);
    expect(ours.events).toHaveLength(INTERVALS);
    // A payload from the stream is served in the next interval, or in the one after it on a busy machine.
    expect(sum(ours.behind)).toBeLessThanOrEqual(sum(theirs.behind) + 0.05 * INTERVALS);
    // A tenth more is allowed, because on a busy machine payloads become stale in intervals in which the other side's are
    // still fresh. A request in each interval would be more than twice as many.
    expect(ours.server.requests.length).toBeLessThanOrEqual(1.1 * theirs.server.requests.length);
    expect(ours.server.connections).toBeLessThanOrEqual(theirs.server.connections);
    const first = sum(ours.spentMs.slice(0, INTERVALS / 3));
    const last = sum(ours.spentMs.slice(-INTERVALS / 3));
    expect(last).toBeLessThan(2 * first + 20);
    const [early = 0, late = 0] = heapBytes;
    expect(late - early).toBeLessThan(3_000_000);
  });
});
