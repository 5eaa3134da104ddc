import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BOTH } from "./sdks.js";
import { CHANGED_SHOP, SHOP } from "./shop-payload.js";
import { ShopServer, until } from "./shop-server.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const DEFAULTS = { staleTTL: 60_000, maxAge: 4 * 3_600_000, maxEntries: 10, disableCache: false };

describe.each(BOTH)("init of $name", ({ name, sdk }) => {
  let server: ShopServer;
  let key = 0;
  const options = (): { apiHost: string; clientKey: string } => ({
    apiHost: server.url,
    clientKey: `key-${key}`,
  });

  beforeEach(async () => {
    key += 1;
    server = await new ShopServer({ payload: SHOP, hasStream: false }).start();
    sdk.configureCache(DEFAULTS);
  });
  afterEach(async () => {
    await sdk.clearCache();
    await server.close();
  });

  it.each([{}, { timeout: 0 }, { timeout: Number.NaN }])(
    "requests the payload, %o",
    async (given) => {
      const gb = new sdk.GrowthBook(options());
      expect(await gb.init(given)).toEqual({ success: true, source: "network" });
      expect([gb.ready, gb.getFeatures(), gb.getPayload()]).toEqual([true, SHOP.features, SHOP]);
      gb.destroy();
    },
  );

  it.each([[[]], [5], [0], [false], [""], [true], ["abc"]])(
    "accepts the body %j as a payload without parts",
    async (body) => {
      server.options.payload = body as object;
      for (const Instance of [sdk.GrowthBook, sdk.GrowthBookClient]) {
        await sdk.clearCache();
        const gb = new Instance(options());
        expect(await gb.init()).toEqual({ success: true, source: "network" });
        expect([gb.ready, gb.getFeatures()]).toEqual([true, {}]);
        expect(gb.getPayload()).toEqual(body || {});
        await gb.refreshFeatures({ skipCache: true });
        expect(gb.getFeatures()).toEqual({});
        gb.destroy();
      }
    },
  );

  it("fails for the body null", async () => {
    server.options.payload = null as unknown as object;
    const gb = new sdk.GrowthBook({ ...options(), diagnostics: SILENT });
    expect(await gb.init()).toMatchObject({ success: false, source: "error" });
    expect([gb.ready, gb.getFeatures()]).toEqual([true, {}]);
    gb.destroy();
  });

  // The vendor serves it until the clock has caught up.
  it.runIf(name === "ours")(
    "refreshes a payload that is from the future because the clock was set back",
    async () => {
      await new sdk.GrowthBook(options()).init();
      server.options.payload = CHANGED_SHOP;
      const { now } = Date;
      const setBack = vi.spyOn(Date, "now").mockImplementation(() => now() - 3_600_000);
      try {
        const gb = new sdk.GrowthBook(options());
        expect(await gb.init()).toEqual({ success: true, source: "cache" });
        await until(() => server.requests.length === 2, "the refresh");
        await vi.waitFor(async () => {
          const later = new sdk.GrowthBook(options());
          await later.init();
          expect(later.getPayload().dateUpdated).toBe(CHANGED_SHOP.dateUpdated);
        });
        expect(server.requests).toHaveLength(2);
      } finally {
        setBack.mockRestore();
      }
    },
  );

  it("does not serve a payload that is older than maxAge", async () => {
    await new sdk.GrowthBook(options()).init({ cacheSettings: { staleTTL: 0, maxAge: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await new sdk.GrowthBook(options()).init()).source).toBe("network");
  });

  it.each([
    ["skipCache", { init: { skipCache: true } }],
    ["disableCache of the instance", { instance: { disableCache: true } }],
    ["disableCache of the settings", { init: { cacheSettings: { disableCache: true } } }],
  ])("requests again with %s", async (_, given: { init?: object; instance?: object }) => {
    await new sdk.GrowthBook(options()).init(given.init);
    const gb = new sdk.GrowthBook({ ...options(), ...given.instance });
    expect((await gb.init(given.init)).source).toBe("network");
    expect(server.requests).toHaveLength(2);
  });

  it("lets refreshFeatures send a request unless the cache is fresh", async () => {
    const gb = new sdk.GrowthBook(options());
    await gb.init();
    await gb.refreshFeatures();
    expect(server.requests).toHaveLength(1);
    server.options.payload = CHANGED_SHOP;
    await gb.refreshFeatures({ skipCache: true });
    expect(gb.getPayload().dateUpdated).toBe(CHANGED_SHOP.dateUpdated);
  });

  it("uses the cache that loadFeatures and prefetchPayload fill", async () => {
    await sdk.prefetchPayload(options());
    const gb = new sdk.GrowthBook(options());
    await gb.loadFeatures();
    expect([gb.ready, server.requests.length]).toEqual([true, 1]);
  });

  it.each([30, -1, 1.5])("returns after its timeout %d", async (timeout) => {
    server.interceptor = () => true;
    const gb = new sdk.GrowthBook(options());
    const { success, source, error } = await gb.init({ timeout });
    expect([success, source, error?.message]).toEqual([false, "timeout", "Timeout"]);
    gb.destroy();
  });

  it("uses a payload in its options without a request", async () => {
    const gb = new sdk.GrowthBook({ attributes: { id: "u1" } });
    expect(await gb.init({ payload: SHOP })).toEqual({ success: true, source: "init" });
    const sync = new sdk.GrowthBook({ attributes: { id: "u1" } }).initSync({ payload: SHOP });
    expect(gb.evalFeature("members")).toEqual(sync.evalFeature("members"));
    const client = new sdk.GrowthBookClient().initSync({ payload: SHOP });
    expect(client.getFeatureValue("members", "", { attributes: { id: "u1" } })).toBe("yes");
    expect(() => client.initSync({ payload: { encryptedFeatures: "a.b" } })).toThrow(
      "initSync does not support encrypted payloads",
    );
  });

  it("rejects without a client key", async () => {
    await expect(new sdk.GrowthBook({}).init()).rejects.toThrow("Missing clientKey");
    await expect(new sdk.GrowthBookClient({}).init()).rejects.toThrow("Missing clientKey");
    const streaming = { payload: SHOP, streaming: true };
    await expect(new sdk.GrowthBook({}).init(streaming)).rejects.toThrow("Must specify clientKey");
  });

  it("keeps the parts that a new payload lacks", async () => {
    const gb = new sdk.GrowthBook({ attributes: { id: "u1" } });
    await gb.setPayload(SHOP);
    await gb.setPayload({ savedGroups: { beta: [] } });
    expect(gb.getFeatureValue("members", "")).toBe("no");
    await gb.setPayload({ features: { only: { defaultValue: 1 } } });
    expect([gb.isOn("only"), gb.isOn("members")]).toEqual([true, false]);
  });

  it("calls replaced helpers", async () => {
    const calls: unknown[] = [];
    const { fetchFeaturesCall } = sdk.helpers;
    sdk.helpers.fetchFeaturesCall = async (...call) => {
      calls.push(call);
      return new Response(JSON.stringify(SHOP));
    };
    const gb = new sdk.GrowthBook({ ...options(), apiHostRequestHeaders: { a: "b" } });
    await gb.init();
    sdk.helpers.fetchFeaturesCall = fetchFeaturesCall;
    expect(calls).toEqual([[{ host: server.url, clientKey: `key-${key}`, headers: { a: "b" } }]]);
    expect(server.requests).toHaveLength(0);
  });

  it("stores the cache in a localStorage polyfill", async () => {
    const stored = new Map<string, string>();
    const localStorage = {
      getItem: (name: string) => stored.get(name) ?? null,
      setItem: (name: string, value: string) => void stored.set(name, value),
    };
    sdk.setPolyfills({ localStorage });
    await sdk.clearCache();
    await new sdk.GrowthBook(options()).init();
    await until(() => stored.has("gbFeaturesCache"), "the cache");
    const [[name, entry]] = JSON.parse(stored.get("gbFeaturesCache") ?? "[[]]") as [
      [string, object],
    ];
    expect(name).toBe(`${server.url}||key-${key}`);
    expect(entry).toEqual({
      data: SHOP,
      sse: false,
      version: SHOP.dateUpdated,
      staleAt: expect.any(String),
    });
    sdk.setPolyfills({ localStorage: undefined });
  });

  it("rejects options with which remote evaluation cannot work", () => {
    const make =
      (given: object): (() => unknown) =>
      () =>
        new sdk.GrowthBook(given);
    const remote = { remoteEval: true, clientKey: "k", apiHost: "https://own.example" };
    expect(make({ ...remote, decryptionKey: "x" })).toThrow("Encryption is not available");
    expect(make({ ...remote, clientKey: "" })).toThrow("Missing clientKey");
    expect(make({ ...remote, apiHost: "https://cdn.growthbook.io" })).toThrow("GrowthBook Cloud");
    expect(make({ cacheKeyAttributes: ["id"] })).toThrow("only used for remoteEval");
    expect(make(remote)).not.toThrow();
  });
});
