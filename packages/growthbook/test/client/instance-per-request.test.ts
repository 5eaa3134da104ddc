import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  clearCache,
  type DestroyOptions,
  GrowthBook,
  type InitOptions,
  type Options,
} from "../../src/index.js";
import { BOTH } from "./sdks.js";
import { ShopServer } from "./shop-server.js";
import { SmallEventSource } from "./user-program.js";

/** Response time of the API, and duration of a user's request, ms. */
const API_MS = 50;
const REQUEST_MS = 10;
const STALE_MS = 200;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Payload of the n-th request, with one feature whose value is n. */
const payloadOf = (n: number): object => ({ features: { n: { defaultValue: n } } });

describe.each(BOTH)("an instance per request of $name", ({ name, sdk }) => {
  const isOurs = name === "ours";
  let server: ShopServer;
  let key = 0;
  let apiMs = API_MS;
  const lines: string[] = [];

  beforeEach(async () => {
    key += 1;
    apiMs = API_MS;
    lines.length = 0;
    server = await new ShopServer({ payload: payloadOf(0), hasStream: false }).start();
    server.interceptor = ({ target }, response) => target.startsWith("/api/") && later(response);
    sdk.configureCache({ staleTTL: STALE_MS, backgroundSync: true });
  });
  afterEach(async () => {
    await sdk.clearCache();
    sdk.configureCache({ staleTTL: 60_000 });
    sdk.setPolyfills({ EventSource: undefined });
    await server.close();
  });

  /** Responds with the number of the request, after the API's response time. */
  function later(response: ServerResponse<IncomingMessage>): true {
    const n = server.to("/api/").length;
    const sse: Record<string, string> = server.options.hasStream
      ? { "x-sse-support": "enabled" }
      : {};
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json", ...sse });
      response.end(JSON.stringify(payloadOf(n)));
    }, apiMs);
    return true;
  }

  const options = (): Options => ({
    apiHost: server.url,
    clientKey: `key-${key}`,
    debug: true,
    log: (message) => void lines.push(message),
  });

  /** Simulates a user's request. Returns the value that it was served. */
  async function serve(init?: InitOptions): Promise<number> {
    const gb = new sdk.GrowthBook(options());
    await gb.init(init);
    const value = gb.getFeatureValue("n", 0);
    await pause(REQUEST_MS);
    gb.destroy();
    return value;
  }

  it("requests the payload once per staleTTL and serves each new one", async () => {
    const startMs = performance.now();
    const values: number[] = [];
    const elapsed = (): number => performance.now() - startMs;
    // On a busy machine, a request may take longer than a payload stays fresh.
    const isSoon = (): boolean => server.to("/api/").length <= 2 && elapsed() < 20_000;
    while (elapsed() < 1_200 || isSoon()) values.push(await serve());
    const requests = server.to("/api/").length;
    const elapsedMs = elapsed();
    // One request for the first payload, and one each time that a payload becomes stale.
    expect(requests).toBeGreaterThan(2);
    expect(requests).toBeLessThanOrEqual(1 + elapsedMs / STALE_MS);
    const served = [...new Set(values)];
    expect(served).toEqual(Array.from({ length: served.length }, (_, i) => i + 1));
    expect(served.length).toBeGreaterThanOrEqual(requests - 1);
  });

  it("shares one stream with earlier and later instances", async () => {
    server.options.hasStream = true;
    // Our SDK needs no polyfill.
    if (!isOurs) sdk.setPolyfills({ EventSource: SmallEventSource });
    sdk.configureCache({ staleTTL: 60_000 });
    apiMs = 0;
    for (let i = 0; i < 20; i++) await serve({ streaming: true });
    await vi.waitFor(() => expect(server.streams.size).toBe(1));
    expect(server.to("/sub/")).toHaveLength(1);
    // A payload that the stream delivers while there is no instance is served to the next one.
    server.push("features", JSON.stringify(payloadOf(7)));
    await vi.waitFor(async () => expect(await serve({ streaming: true })).toBe(7));
    expect(server.to("/sub/")).toHaveLength(1);
    expect(server.to("/api/")).toHaveLength(1);
  });
});

describe("a request that no instance is waiting for", () => {
  let server: ShopServer;
  let answer = (): void => {};
  let hungUp = 0;

  beforeEach(async () => {
    hungUp = 0;
    server = await new ShopServer({ payload: payloadOf(1), hasStream: false }).start();
    server.interceptor = (_, response) => {
      response.on("close", () => {
        if (!response.writableEnded) hungUp += 1;
      });
      answer = () => response.end(JSON.stringify(payloadOf(1)));
      return true;
    };
  });
  afterEach(async () => {
    await clearCache();
    await server.close();
  });

  const options = (): Options => ({ apiHost: server.url, clientKey: "key" });

  /** Destroys an instance while it waits. */
  async function destroyed(end?: DestroyOptions): Promise<void> {
    const gb = new GrowthBook(options());
    const waiting = gb.init();
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    gb.destroy(end);
    const { error, success } = await waiting;
    expect([success, error?.message]).toEqual([false, "The instance was destroyed"]);
  }

  it("fills the cache, although init of its destroyed instance resolved immediately", async () => {
    await destroyed();
    answer();
    await vi.waitFor(async () => {
      const { source } = await new GrowthBook(options()).init({ timeout: 1 });
      expect(source).toBe("cache");
    });
    expect([server.requests.length, hungUp]).toEqual([1, 0]);
  });

  it("is joined by the next instance", async () => {
    await destroyed();
    const next = new GrowthBook(options()).init();
    answer();
    expect(await next).toEqual({ success: true, source: "network" });
    expect([server.requests.length, hungUp]).toEqual([1, 0]);
  });

  it("ends with destroyAllStreams", async () => {
    await destroyed({ destroyAllStreams: true });
    await vi.waitFor(() => expect(hungUp).toBe(1));
  });

  it("ends with clearCache, unlike a request that an instance is waiting for", async () => {
    await destroyed();
    await clearCache();
    await vi.waitFor(() => expect(hungUp).toBe(1));
    const waiting = new GrowthBook(options()).init();
    await vi.waitFor(() => expect(server.requests).toHaveLength(2));
    await clearCache();
    answer();
    expect(await waiting).toEqual({ success: true, source: "network" });
  });
});
