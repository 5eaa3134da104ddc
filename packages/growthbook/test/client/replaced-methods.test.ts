import type { ConfigurationSource, Payload, SourceSink } from "@sortition/core/internal";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GrowthBook, GrowthBookClient, type GrowthBookPayload } from "../../src/index.js";
import { BOTH } from "./sdks.js";
import { CHANGED_SHOP, SHOP } from "./shop-payload.js";
import { ShopServer } from "./shop-server.js";
import { SmallEventSource } from "./user-program.js";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let server: ShopServer;

beforeEach(async () => {
  server = await new ShopServer({ payload: SHOP, hasStream: true }).start();
});
afterEach(() => server.close());

describe.each(BOTH)("a subclass of $name", ({ sdk }) => {
  afterEach(async () => {
    await sdk.clearCache();
    sdk.setPolyfills({ EventSource: undefined });
  });

  it("receives each payload through its own setPayload", async () => {
    class Listening extends sdk.GrowthBook {
      readonly versions: unknown[] = [];
      override setPayload(payload: GrowthBookPayload): Promise<void> {
        this.versions.push(payload.dateUpdated);
        return super.setPayload(payload);
      }
    }
    sdk.setPolyfills({ EventSource: SmallEventSource });
    const options = { apiHost: server.url, clientKey: "key" };
    const one = new Listening(options);
    const other = new Listening(options);
    for (const gb of [one, other]) await gb.init({ streaming: true });
    await vi.waitFor(() => expect(server.streams.size).toBe(1));
    server.options.payload = CHANGED_SHOP;
    await one.refreshFeatures({ skipCache: true });
    const [first, second, third] = [SHOP.dateUpdated, CHANGED_SHOP.dateUpdated, "third"];
    // The second instance is called twice: as a follower, and for its own request.
    expect([one.versions, other.versions]).toEqual([
      [first, second, second],
      [first, second],
    ]);
    server.push("features", JSON.stringify({ ...SHOP, dateUpdated: third }));
    await vi.waitFor(() => expect(other.versions).toEqual([first, second, third]));
    expect(one.versions).toEqual([first, second, second, third]);
    for (const gb of [one, other]) gb.destroy();
  });
});

describe("a user's setPayload", () => {
  const FAULTY: readonly [string, () => unknown][] = [
    [
      "throws",
      () => {
        throw new Error("not this one");
      },
    ],
    ["rejects", () => Promise.reject(new Error("not this one"))],
    ["returns nothing", () => undefined],
  ];

  it.each(FAULTY)("that %s does not affect other instances", async (_, setPayload) => {
    const warnings: unknown[] = [];
    const diagnostics = { ...quiet, warn: (message: string) => void warnings.push(message) };
    const options = { apiHost: server.url, clientKey: "key", diagnostics };
    const one = new GrowthBook(options);
    const other = new GrowthBook(options);
    for (const gb of [one, other]) await gb.init({ pollingInterval: 20 });
    one.setPayload = setPayload as never;
    server.options.payload = CHANGED_SHOP;
    await vi.waitFor(() => expect(other.getPayload()).toEqual(CHANGED_SHOP));
    expect(warnings).toEqual([]);
    for (const gb of [one, other]) gb.destroy();
  });

  it.each(["offer", "prepare"] as const)(
    "makes init fail if it rejects during a source's %s",
    async (by) => {
      const bytes = new TextEncoder().encode(JSON.stringify(SHOP));
      const received = { etag: null, fetchedAtMs: 0, from: "network" } as const;
      const source = sourceOf({ part: "features", bytes, ...received }, by);
      const gb = new GrowthBook({ source, diagnostics: quiet });
      gb.setPayload = () => Promise.reject(new Error("not this one"));
      const error = new Error("not this one");
      expect(await gb.init()).toEqual({ success: false, source: "error", error });
      gb.destroy();
    },
  );
});

describe.each([
  ["instance", GrowthBook],
  ["client", GrowthBookClient],
] as const)("a log of the user that throws, of an %s", (_, Sdk) => {
  it("fails no request", async () => {
    server.interceptor = (_request, response) => {
      response.writeHead(500).end();
      return true;
    };
    const log = (): void => {
      throw new Error("the log is broken");
    };
    const options = { apiHost: server.url, clientKey: "key", debug: true, log };
    const gb = new Sdk({ ...options, diagnostics: quiet });
    expect((await gb.init()).error?.message).toBe("HTTP error: 500");
    server.interceptor = null;
    await gb.refreshFeatures();
    expect(gb.getPayload()).toEqual(SHOP);
    gb.destroy();
  });
});

/** Creates a source with this payload. */
function sourceOf(payload: Payload, by: "offer" | "prepare"): ConfigurationSource {
  const give = async (sink: SourceSink): Promise<void> => {
    if (by === "offer") await sink.offer([payload]);
    else {
      const update = await sink.prepare([payload]);
      if (update.outcome === "changed") update.apply();
    }
  };
  return {
    kind: "test",
    intervalMs: null,
    dialect: null,
    subscribe(sink) {
      void give(sink);
      return { end: async () => {} };
    },
    refresh: async () => ({ outcome: "unchanged" }),
  };
}
