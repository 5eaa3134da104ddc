import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BOTH } from "./sdks.js";
import { SHOP } from "./shop-payload.js";

/** An `EventSource` of the user, which never gets events. */
class SilentEventSource {
  static opened = 0;
  onopen: unknown = null;
  onerror: unknown = null;
  constructor() {
    SilentEventSource.opened += 1;
  }
  addEventListener(): void {}
  close(): void {}
}

describe.each(BOTH)("an EventSource that is given to $name", ({ sdk }) => {
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

  it.each([
    { prefetch: {}, opened: 0 },
    { prefetch: { streaming: true }, opened: 1 },
  ])("is opened $opened times by prefetchPayload($prefetch)", async ({ prefetch, opened }) => {
    await sdk.prefetchPayload({ ...options, ...prefetch });
    expect(SilentEventSource.opened).toBe(opened);
  });
});
