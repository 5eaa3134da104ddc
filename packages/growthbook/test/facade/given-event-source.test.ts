import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BOTH } from "./sdks.js";
import { CHANGED_SHOP, SHOP } from "./shop-payload.js";

type Listener = (event: { readonly type: string; readonly data: string }) => void;

/** An `EventSource` of the user, whose events are the test's. */
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

describe.each(BOTH)("an EventSource that is given to $name", ({ name, sdk }) => {
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

  it.each(["after an outage", "after features-updated"])("keeps what it sends %s", async (when) => {
    const gb = new sdk.GrowthBook(options);
    await gb.init({ streaming: true });
    const source = SilentEventSource.latest;
    source?.onopen?.();
    if (when === "after an outage") {
      source?.onerror?.();
      source?.onopen?.();
    } else source?.send("features-updated", {});
    // A request that was made before may be answered from a cache that does not have it yet.
    source?.send("features", CHANGED_SHOP);
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    const { dateUpdated } = when === "after an outage" || isOurs ? CHANGED_SHOP : SHOP;
    expect(gb.getPayload().dateUpdated).toBe(dateUpdated);
    gb.destroy({ destroyAllStreams: true });
  });

  it.each([
    { prefetch: {}, opened: 0 },
    { prefetch: { streaming: true }, opened: 1 },
  ])("is opened $opened times by prefetchPayload($prefetch)", async ({ prefetch, opened }) => {
    await sdk.prefetchPayload({ ...options, ...prefetch });
    expect(SilentEventSource.opened).toBe(opened);
  });
});
