import * as vendorPlugins from "@growthbook/growthbook/plugins";
import { ownFetch } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GrowthBook, GrowthBookClient } from "../../src/index.js";
import * as ourPlugins from "../../src/plugins.js";
import { BOTH } from "./sdks.js";
import { SHOP } from "./shop-payload.js";
import { ShopServer, until } from "./shop-server.js";

let server: ShopServer;
beforeEach(async () => {
  server = await new ShopServer({ payload: SHOP, hasStream: false }).start();
  for (const name of ["log", "warn", "error"] as const) vi.spyOn(console, name).mockReturnValue();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

const eventsOf = (target: ShopServer): { event_name: string }[] =>
  target.to("/track").flatMap(({ body }) => JSON.parse(body) as { event_name: string }[]);

// Both have the same names, but the vendor's types use `any` where ours use `unknown`.
const PLUGINS = [vendorPlugins as unknown as typeof ourPlugins, ourPlugins];
const CASES = BOTH.map((it, i) => ({ ...it, plugins: PLUGINS[i] ?? ourPlugins }));

describe.each(CASES)("plugins of $name", ({ sdk, plugins }) => {
  const options = { clientKey: "key", attributes: { id: "u1", user_id: "5", plan: "pro" } };

  it("growthbookTrackingPlugin sends the events that its options allow", async () => {
    const run = async (given: object, attributes: object = {}): Promise<string[]> => {
      const before = eventsOf(server).length;
      const gb = new sdk.GrowthBook({
        ...options,
        attributes: { ...options.attributes, ...attributes },
        features: SHOP.features,
        plugins: [plugins.growthbookTrackingPlugin({ ingestorHost: server.url, ...given })],
      });
      gb.isOn("new-checkout");
      gb.isOn("rollout");
      await gb.logEvent("mine");
      gb.destroy();
      return eventsOf(server)
        .slice(before)
        .map(({ event_name }) => event_name);
    };
    const usage = "Feature Evaluated";
    expect(await run({})).toEqual(["Experiment Viewed", usage, usage, "mine"]);
    expect(await run({ enableFeatureUsageEvents: false })).toEqual(["Experiment Viewed", "mine"]);
    const eventFilter = ({ eventName }: { eventName: string }): boolean => eventName === "mine";
    expect(await run({ eventFilter })).toEqual(["mine"]);
    expect(await run({ enable: false, debug: true })).toEqual([]);
  });

  it("growthbookTrackingPlugin sends queued events when the instance is destroyed", async () => {
    const plugin = plugins.growthbookTrackingPlugin({
      ingestorHost: server.url,
      queueFlushInterval: 60_000,
    });
    const gb = new sdk.GrowthBook({ ...options, plugins: [plugin] });
    const sent = gb.logEvent("mine");
    gb.destroy();
    await sent;
    expect(eventsOf(server)).toHaveLength(1);
    const bare = (): unknown => new sdk.GrowthBook({ plugins: [plugin] });
    expect(bare).toThrow("clientKey must be specified");
  });

  it("growthbookTrackingPlugin calls a global fetch that a program has replaced", async () => {
    const calls: unknown[] = [];
    const double = async (url: string, { body, signal: _, ...init }: RequestInit) => {
      calls.push([url, init, JSON.parse(`${body}`).length]);
      return new Response();
    };
    vi.stubGlobal("fetch", ownFetch(double));
    const plugin = plugins.growthbookTrackingPlugin({ queueFlushInterval: 1 });
    const gb = new sdk.GrowthBook({ ...options, plugins: [plugin] });
    await Promise.all([gb.logEvent("one"), gb.logEvent("two")]);
    vi.unstubAllGlobals();
    expect(calls).toEqual([
      [
        "https://us-east-1.gb-ingest.com/track?client_key=key",
        {
          method: "POST",
          headers: { Accept: "application/json", "Content-Type": "text/plain" },
          credentials: "omit",
          keepalive: true,
        },
        2,
      ],
    ]);
    gb.destroy();
  });

  it("growthbookTrackingPlugin distinguishes the users of a client", async () => {
    const plugin = plugins.growthbookTrackingPlugin({ ingestorHost: server.url });
    const client = new sdk.GrowthBookClient({ clientKey: "key", plugins: [plugin] });
    client.initSync({ payload: SHOP });
    for (const id of ["u1", "u2", "u1"]) {
      client.createScopedInstance({ attributes: { id } }).isOn("members");
    }
    await until(() => eventsOf(server).length === 2, "the events");
  });

  it("tracingPlugin keeps the latest tag of each experiment", () => {
    const seen: string[] = [];
    const plugin = plugins.tracingPlugin({ onAssignment: ({ tag }) => void seen.push(tag) });
    const gb = new sdk.GrowthBook({ ...options, plugins: [plugin] });
    for (const key of ["b", "a", "with=sign"]) gb.run({ key, variations: [0, 1], weights: [0, 1] });
    expect([plugins.getTracingTags(gb), seen]).toEqual([
      ["gb.exp:a=1", "gb.exp:b=1"],
      ["gb.exp:b=1", "gb.exp:a=1"],
    ]);
    gb.destroy();
    expect(plugins.getTracingTags(gb)).toEqual([]);
    const client = new sdk.GrowthBookClient({ plugins: [plugin] });
    expect(plugins.getTracingTags(client as never)).toEqual([]);
    expect(plugins.TRACING_TAG_EXPERIMENT_PREFIX).toBe("gb.exp");
  });

  it("the DevTools plugins apply the overrides in a request if enableDevMode is set", () => {
    const state = { attributes: { id: "dev" }, features: { f: 1 }, experiments: { e: 1 } };
    const _gbdebug = JSON.stringify(state);
    const cookies = { get: (name: string) => ({ name, value: _gbdebug }) };
    const searchParams = new URLSearchParams({ _gbdebug });
    const express = plugins.devtoolsExpressPlugin;
    const next = plugins.devtoolsNextjsPlugin;
    const none = { get: () => undefined };
    for (const plugin of [
      express({ request: { query: { _gbdebug }, cookies: {} } }),
      express({ request: { query: {}, cookies: { _gbdebug } } }),
      next({ searchParams: { _gbdebug } }),
      next({ requestCookies: cookies }),
      next({ request: { nextUrl: { searchParams }, cookies: none } }),
    ]) {
      const gb = new sdk.GrowthBook({ enableDevMode: true, plugins: [plugin] });
      expect([gb.getAttributes(), gb.getForcedVariations(), [...gb.getForcedFeatures()]]).toEqual([
        { id: "dev" },
        { e: 1 },
        [["f", 1]],
      ]);
      const quiet = new sdk.GrowthBook({ plugins: [plugin] });
      expect(quiet.getAttributes()).toEqual({});
      expect(() => new sdk.GrowthBookClient({ plugins: [plugin] })).toThrow("user-scoped instance");
    }
    const beside = next({ request: { nextUrl: { searchParams: new URLSearchParams() }, cookies } });
    const unchanged = new sdk.GrowthBook({ enableDevMode: true, plugins: [beside] });
    expect(unchanged.getAttributes()).toEqual({});
    const broken = express({ request: { query: { _gbdebug: "{" }, cookies: {} } });
    const gb = new sdk.GrowthBook({ enableDevMode: true, plugins: [broken, express({})] });
    expect(gb.getAttributes()).toEqual({});
  });

  it("getDebugEvent and getDebugScriptContents show an instance if enableDevMode is set", () => {
    const gb = new sdk.GrowthBook({ ...options, enableDevMode: true, features: SHOP.features });
    gb.isOn("new-checkout");
    const event = plugins.getDebugEvent(gb, "test");
    expect(event?.logs).toHaveLength(2);
    expect(event?.sdkInfo).toEqual({
      apiHost: "https://cdn.growthbook.io",
      clientKey: "key",
      source: "test",
      version: gb.version,
      payload: gb.getPayload(),
      attributes: options.attributes,
    });
    expect(plugins.getDebugScriptContents(gb)).toMatch(/^\(window\._gbdebugEvents = /);
    const client = new sdk.GrowthBookClient({ clientKey: "key" }).initSync({ payload: SHOP });
    const scoped = client.createScopedInstance({ enableDevMode: true, attributes: { id: "u2" } });
    expect(plugins.getDebugEvent(scoped)?.sdkInfo?.attributes).toEqual({ id: "u2" });
    expect(plugins.getDebugEvent(new sdk.GrowthBook())).toBeNull();
    expect(plugins.getDebugScriptContents(new sdk.GrowthBook())).toBe("");
  });
});

describe("our tracking plugin", () => {
  it("loses only the event that cannot be serialized", async () => {
    const plugin = ourPlugins.growthbookTrackingPlugin({ ingestorHost: server.url });
    const gb = new GrowthBook({ clientKey: "key", plugins: [plugin] });
    const sent = [gb.logEvent("one"), gb.logEvent("odd", { id: 1n }), gb.logEvent("two")];
    gb.destroy();
    await Promise.all(sent);
    expect(eventsOf(server).map(({ event_name }) => event_name)).toEqual(["one", "two"]);
    expect(plugin.counters()).toMatchObject({ accepted: 3, delivered: 2, failed: 1, inFlight: 0 });
    expect(vi.mocked(console.error).mock.lastCall?.[0]).toContain("cannot be serialized");
  });

  it("counts the outcome of each event", async () => {
    const plugin = ourPlugins.growthbookTrackingPlugin({
      ingestorHost: server.url,
      queueFlushInterval: 1,
    });
    const client = new GrowthBookClient({ clientKey: "key", plugins: [plugin] });
    for (let i = 0; i < 10_005; i++) client.logEvent(`e${i}`, {}, {});
    expect(plugin.counters()).toEqual(
      expect.objectContaining({ accepted: 10_005, queued: 10_000, dropped: 5 }),
    );
    await until(() => plugin.counters().delivered === 10_000, "the delivery", 10_000);
    server.interceptor = (_, response) => {
      response.writeHead(500).end();
      return true;
    };
    client.logEvent("refused", {}, {});
    await until(() => plugin.counters().failed === 1, "the failure");
    const { accepted, delivered, failed, dropped, queued, inFlight } = plugin.counters();
    expect(delivered + failed + dropped + queued + inFlight).toBe(accepted);
  });

  it("escapes characters that would end a script element", () => {
    const gb = new GrowthBook({ enableDevMode: true, attributes: { id: "</script>" } });
    expect(ourPlugins.getDebugScriptContents(gb)).not.toContain("</script>");
  });
});
