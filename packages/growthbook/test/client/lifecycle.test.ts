import type { ServerResponse } from "node:http";
import { watchBusyMachine } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  clearCache,
  configureCache,
  GrowthBook,
  GrowthBookClient,
  setPolyfills,
} from "../../src/index.js";
import { startPolling } from "../../src/source/polling.js";
import { HttpError } from "../../src/source/reply.js";
import { CHANGED_SHOP, SHOP } from "./shop-payload.js";
import { ShopServer, until } from "./shop-server.js";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let server: ShopServer;

beforeEach(async () => {
  server = await new ShopServer({ payload: SHOP, hasStream: true }).start();
  setPolyfills({ EventSource: undefined });
});
afterEach(async () => {
  await clearCache();
  configureCache({ staleTTL: 60_000, streamSilence: 60_000, requestTimeout: 10_000 });
  await server.close();
});

const options = (): { apiHost: string; clientKey: string; diagnostics: typeof quiet } => ({
  apiHost: server.url,
  clientKey: "key",
  diagnostics: quiet,
});

describe("many instances of one key", () => {
  it("share one request and one stream, which ends after the last instance", async () => {
    const instances = Array.from({ length: 100 }, (_, i) =>
      i % 2 === 0 ? new GrowthBook(options()) : new GrowthBookClient(options()),
    );
    const outcomes = await Promise.all(instances.map((gb) => gb.init({ streaming: true })));
    expect(outcomes.every(({ success }) => success)).toBe(true);
    await until(() => server.streams.size === 1, "the stream");
    server.push("features", JSON.stringify(CHANGED_SHOP));
    const isChanged = (gb: GrowthBook | GrowthBookClient): boolean =>
      gb.getPayload().dateUpdated === CHANGED_SHOP.dateUpdated;
    await until(() => instances.every(isChanged), "the change in all of them");
    expect(server.requests.map(({ target }) => target)).toEqual(["/api/features/key", "/sub/key"]);
    for (const gb of instances.slice(1)) gb.destroy();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.streams.size).toBe(1);
    instances[0]?.destroy();
    await until(() => server.streams.size === 0, "the end of the stream");
  });

  it("can start streaming after another instance did not", async () => {
    await new GrowthBook(options()).init({ streaming: false });
    const gb = new GrowthBook(options());
    await gb.init({ streaming: true });
    await until(() => server.streams.size === 1, "the stream");
    gb.destroy();
  });
});

describe("many requests of one instance", () => {
  it("share one, without a warning from Node.js", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on("warning", onWarning);
    const gb = new GrowthBook(options());
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => gb.init()));
    process.off("warning", onWarning);
    expect(outcomes.every(({ success }) => success)).toBe(true);
    expect([server.to("/api/").length, warnings]).toEqual([1, []]);
    gb.destroy();
  });
});

describe("a stream", () => {
  it("makes the instance request an announced change", async () => {
    const gb = new GrowthBook(options());
    await gb.init({ streaming: true });
    await until(() => server.streams.size === 1, "the stream");
    server.options.payload = CHANGED_SHOP;
    server.push("features-updated", "");
    await until(() => gb.getPayload().dateUpdated === CHANGED_SHOP.dateUpdated, "the change");
    gb.destroy();
  });

  it("is replaced by polling while it is silent", async () => {
    configureCache({ streamSilence: 1_000, staleTTL: 40 });
    const gb = new GrowthBook(options());
    await gb.init({ streaming: true });
    await until(() => server.streams.size === 1, "the stream");
    const before = server.to("/api/features").length;
    server.options.payload = CHANGED_SHOP;
    // The server sends nothing for longer than the limit.
    await until(() => gb.getPayload().dateUpdated === CHANGED_SHOP.dateUpdated, "the poll");
    expect(server.to("/api/features").length).toBeGreaterThan(before);
    server.options.pingMs = 20;
    await until(() => server.to("/sub/").length >= 2 && server.streams.size === 1, "the stream");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = server.to("/api/features").length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(server.to("/api/features").length).toBe(after);
    gb.destroy();
  });

  it("is replaced by polling if the host does not offer it", async () => {
    server.options.hasStream = false;
    configureCache({ staleTTL: 30 });
    const gb = new GrowthBook(options());
    await gb.init({ streaming: true });
    server.options.payload = CHANGED_SHOP;
    await until(() => gb.getPayload().dateUpdated === CHANGED_SHOP.dateUpdated, "the poll");
    expect(server.streams.size).toBe(0);
    gb.destroy();
  });

  it("causes a request after a broken event", async () => {
    const gb = new GrowthBook(options());
    await gb.init({ streaming: true });
    await until(() => server.streams.size === 1, "the stream");
    server.options.payload = CHANGED_SHOP;
    server.push("features", "{ not JSON");
    await until(() => gb.getPayload().dateUpdated === CHANGED_SHOP.dateUpdated, "the change");
    gb.destroy();
  });

  it("is reported with its own host if it fails when its instance is destroyed", async () => {
    const held: ServerResponse[] = [];
    server.interceptor = ({ target }, response) =>
      target.startsWith("/sub/") && held.push(response) > 0;
    const warned: string[] = [];
    const diagnostics = { ...quiet, warn: (message: string) => void warned.push(message) };
    const gb = new GrowthBook({ ...options(), diagnostics });
    await gb.init({ streaming: true });
    await until(() => held.length === 1, "the stream");
    gb.destroy();
    held[0]?.writeHead(401).end();
    await until(() => warned.length === 1, "the warning");
    expect(warned[0]).toContain(`no stream (${server.url} answered with status 401)`);
  });
});

describe("polling", () => {
  it("refreshes at an interval and ends with the last instance", async () => {
    server.options.hasStream = false;
    const gb = new GrowthBook(options());
    await gb.init({ pollingInterval: 20 });
    await until(() => server.requests.length >= 4, "polls");
    server.options.payload = CHANGED_SHOP;
    await until(() => gb.getPayload().dateUpdated === CHANGED_SHOP.dateUpdated, "the change");
    gb.destroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const count = server.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(server.requests.length).toBe(count);
  });

  it.each([0, -1, Number.NaN, 2 ** 31])("rejects an interval of %d", async (pollingInterval) => {
    const warnings: string[] = [];
    const diagnostics = { ...quiet, warn: (message: string) => void warnings.push(message) };
    const gb = new GrowthBook({ ...options(), diagnostics });
    await gb.init({ pollingInterval });
    expect(warnings).toEqual([expect.stringContaining("Ignoring invalid pollingInterval")]);
    gb.destroy();
  });

  it("recovers in an instance, after 300 intervals of 500s", async () => {
    await import("@sortition/node/internal");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let isDown = true;
    const fetch = async (): Promise<Response> =>
      isDown ? new Response("", { status: 500 }) : Response.json(SHOP);
    setPolyfills({ fetch });
    const gb = new GrowthBook(options());
    try {
      expect((await gb.init({ pollingInterval: 1_000 })).success).toBe(false);
      await vi.advanceTimersByTimeAsync(300_000);
      expect(gb.isOn("rollout")).toBe(false);
      isDown = false;
      await vi.advanceTimersByTimeAsync(2_100);
      expect(gb.getPayload().dateUpdated).toBe(SHOP.dateUpdated);
      expect(gb.getFeatures()).toEqual(SHOP.features);
    } finally {
      gb.destroy();
      setPolyfills({ fetch: globalThis.fetch });
      vi.useRealTimers();
    }
  });

  it("recovers after 300 intervals of failures", async () => {
    await import("@sortition/node/internal");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let isDown = true;
    let looks = 0;
    const endPolling = startPolling(1_000, async () => {
      looks += 1;
      return isDown ? new HttpError(500, null, null) : null;
    });
    try {
      await vi.advanceTimersByTimeAsync(300_000);
      // The mean rate in an outage equals the normal rate.
      expect(looks).toBeGreaterThan(150);
      expect(looks).toBeLessThan(600);
      isDown = false;
      const failed = looks;
      await vi.advanceTimersByTimeAsync(2_100);
      expect(looks).toBeGreaterThan(failed);
    } finally {
      endPolling();
      vi.useRealTimers();
    }
  });
});

describe("init resolves within its timeout", () => {
  it.each([
    ["never answers", () => true],
    [
      "never ends the body",
      (_: unknown, response: import("node:http").ServerResponse) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("{");
        return true;
      },
    ],
    [
      "resets the connection",
      (_: unknown, response: import("node:http").ServerResponse) => {
        response.socket?.resetAndDestroy();
        return true;
      },
    ],
    [
      "sends no JSON",
      (_: unknown, response: import("node:http").ServerResponse) => {
        response.end("<html>");
        return true;
      },
    ],
  ])("if the server %s", async (_, interceptor) => {
    server.interceptor = interceptor;
    const gb = new GrowthBook(options());
    using busy = watchBusyMachine();
    const startMs = performance.now();
    expect((await gb.init({ timeout: 100 })).success).toBe(false);
    expect(performance.now() - startMs).toBeLessThan(busy.boundMs(1_000));
    gb.destroy();
  });

  it("or, without a timeout, within the deadline of a request", async () => {
    configureCache({ requestTimeout: 50 });
    server.interceptor = () => true;
    const gb = new GrowthBook(options());
    const { source, error } = await gb.init();
    expect([source, error?.message]).toEqual(["error", "The request timed out"]);
    gb.destroy();
  });

  it("if the payload never ends", async () => {
    server.interceptor = (_, response) => {
      response.writeHead(200);
      const fill = (): void => {
        while (!response.destroyed && response.write(" ".repeat(1_048_576)));
      };
      response.on("drain", fill).on("error", () => {});
      fill();
      return true;
    };
    const gb = new GrowthBook(options());
    const { success, error } = await gb.init();
    expect([success, error?.message]).toEqual([false, expect.stringContaining("larger than")]);
    gb.destroy();
  });
});
