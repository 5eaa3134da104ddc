import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BOTH } from "./sdks.js";
import { CHANGED_SHOP, SHOP } from "./shop-payload.js";
import { ShopServer } from "./shop-server.js";

type Listener = (event: { readonly type: string; readonly data: string }) => void;

/** A user's `EventSource` whose events the test sends. */
class SilentEventSource {
  static opened = 0;
  static latest: SilentEventSource | null = null;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #listeners = new Map<string, Listener>();

  constructor() {
    SilentEventSource.opened += 1;
    SilentEventSource.latest = this;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }

  close(): void {}

  send(type: string, payload: object): void {
    this.#listeners.get(type)?.({ type, data: JSON.stringify(payload) });
  }
}

describe.each(BOTH)("an EventSource passed to $name", ({ name, sdk }) => {
  const isOurs = name === "ours";

  beforeEach(() => {
    SilentEventSource.opened = 0;
    sdk.configureCache({ backgroundSync: true });
    sdk.setPolyfills({
      EventSource: SilentEventSource,
      fetch: async () => Response.json(SHOP, { headers: { "x-sse-support": "enabled" } }),
    });
  });
  afterEach(async () => {
    await sdk.clearCache();
    sdk.setPolyfills({ EventSource: undefined, fetch: globalThis.fetch });
  });

  const options = { apiHost: "https://api.test", clientKey: "sdk-1" };

  it.each([
    { init: {}, backgroundSync: undefined, opened: 1 },
    { init: { streaming: true }, backgroundSync: undefined, opened: 1 },
    { init: { streaming: false }, backgroundSync: undefined, opened: 0 },
    { init: {}, backgroundSync: false, opened: 0 },
    { init: { streaming: true }, backgroundSync: false, opened: 1 },
  ])("is opened $opened times by init($init) with backgroundSync $backgroundSync", async (row) => {
    const { backgroundSync, init, opened } = row;
    const gb = new sdk.GrowthBook({
      ...options,
      ...(backgroundSync === undefined ? {} : { backgroundSync }),
    });
    await gb.init(init);
    expect(SilentEventSource.opened).toBe(opened);
    // A second instance gets the payload from the cache.
    await new sdk.GrowthBook({
      ...options,
      ...(backgroundSync === undefined ? {} : { backgroundSync }),
    }).init(init);
    expect(SilentEventSource.opened).toBe(opened);
  });

  it.each([
    { init: {}, opened: 1 },
    { init: { streaming: false }, opened: 0 },
  ])("is opened $opened times by a client's init($init)", async ({ init, opened }) => {
    await new sdk.GrowthBookClient(options).init(init);
    expect(SilentEventSource.opened).toBe(opened);
  });

  it.each([
    { load: {}, given: {}, opened: 1 },
    { load: { autoRefresh: true }, given: {}, opened: 1 },
    { load: {}, given: { subscribeToChanges: true }, opened: 1 },
    { load: { autoRefresh: true }, given: { backgroundSync: false }, opened: 0 },
    {
      load: {},
      given: { backgroundSync: false, subscribeToChanges: true },
      opened: 0,
    },
  ])("is opened $opened times by loadFeatures($load) with $given", async (row) => {
    await new sdk.GrowthBook({ ...options, ...row.given }).loadFeatures(row.load);
    expect(SilentEventSource.opened).toBe(row.opened);
  });

  it.each(["after an outage", "after features-updated"])(
    "serves the features that it sends %s",
    async (when) => {
      const gb = new sdk.GrowthBook(options);
      await gb.init({ streaming: true });
      const source = SilentEventSource.latest;
      source?.onopen?.();
      if (when === "after an outage") {
        source?.onerror?.();
        source?.onopen?.();
      } else source?.send("features-updated", {});
      // A request that was sent earlier may get its response from a cache without the new payload.
      source?.send("features", CHANGED_SHOP);
      for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
      const { dateUpdated } = when === "after an outage" || isOurs ? CHANGED_SHOP : SHOP;
      expect(gb.getPayload().dateUpdated).toBe(dateUpdated);
      gb.destroy({ destroyAllStreams: true });
    },
  );

  it.each([
    { prefetch: {}, opened: 0 },
    { prefetch: { streaming: true }, opened: 1 },
  ])("is opened $opened times by prefetchPayload($prefetch)", async ({ prefetch, opened }) => {
    await sdk.prefetchPayload({ ...options, ...prefetch });
    expect(SilentEventSource.opened).toBe(opened);
  });
});

describe.each(BOTH)("an unusable EventSource passed to $name", ({ name, sdk }) => {
  const isOurs = name === "ours";
  let server: ShopServer;

  beforeEach(async () => {
    server = await new ShopServer({ payload: SHOP, hasStream: true }).start();
    sdk.configureCache({ backgroundSync: true });
  });
  afterEach(async () => {
    sdk.setPolyfills({ EventSource: undefined });
    await sdk.clearCache();
    await server.close();
    vi.restoreAllMocks();
  });

  it.each([
    { what: "a module", EventSource: { EventSource: SilentEventSource } },
    {
      what: "a class that throws",
      EventSource: class {
        constructor() {
          throw new Error("no window");
        }
      },
    },
    { what: "a class without events", EventSource: class {} },
  ])(
    "causes one warning, and is replaced by our built-in streams: $what",
    async ({ EventSource }) => {
      const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
      sdk.setPolyfills({ EventSource });
      const gb = new sdk.GrowthBook({ apiHost: server.url, clientKey: "sdk-1" });
      await gb.init({ streaming: true });
      await vi.waitFor(() => expect(warned).toHaveBeenCalled());
      const texts = warned.mock.calls.map(([text]) => String(text));
      const expected = "the EventSource implementation threw an error";
      expect(texts.filter((text) => text.includes(expected))).toHaveLength(1);
      if (isOurs) {
        await vi.waitFor(() => expect(server.streams.size).toBe(1));
        server.push("features", JSON.stringify(CHANGED_SHOP));
        await vi.waitFor(() => expect(gb.getFeatures()).toEqual(CHANGED_SHOP.features));
      }
      expect(server.to("/sub/")).toHaveLength(isOurs ? 1 : 0);
      gb.destroy({ destroyAllStreams: true });
    },
  );
});
