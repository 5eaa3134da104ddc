import { describe, expect, it } from "vitest";
import { cacheApi } from "./cache-api.js";
import { kvCache } from "./kv-cache.js";

const bytes = new Uint8Array([1, 2, 3]);

describe("kvCache", () => {
  it("reads bytes, and writes them for the time that KV accepts", async () => {
    const calls: unknown[] = [];
    const cache = kvCache({
      get: async (...call) => {
        calls.push(call);
        return bytes.slice().buffer as ArrayBuffer;
      },
      put: async (...call) => void calls.push(call),
    });
    expect(new Uint8Array((await cache.get("name")) as ArrayBuffer)).toEqual(bytes);
    await cache.put("name", bytes, { ttlMs: 90_500 });
    await cache.put("name", bytes, { ttlMs: 5 });
    expect(calls).toEqual([
      ["name", "arrayBuffer"],
      ["name", bytes, { expirationTtl: 91 }],
      ["name", bytes, { expirationTtl: 60 }],
    ]);
    expect(cache.lagMs).toBe(60_000);
  });

  it("refuses a second argument, such as a time, instead of ignoring it", () => {
    const create: (...args: readonly unknown[]) => unknown = kvCache as never;
    expect(() => create({ get() {}, put() {} }, 60)).toThrow(/^kvCache\(\): .* maxAgeMs/);
  });

  it("explains which option takes another store", () => {
    expect(() => kvCache({ get() {}, set() {} } as never)).toThrow(
      "for another store, write cache: { get, put } in edgeClient",
    );
  });

  it.each([undefined, null, {}, { get() {} }, "FLAGS"])("refuses %j", (namespace) => {
    expect(() => kvCache(namespace as never)).toThrow(
      expect.objectContaining({ option: "namespace" }),
    );
  });
});

describe("cacheApi", () => {
  it("returns an entry until it expires", async () => {
    const responses = new Map<string, Response>();
    const cache = cacheApi({
      match: async (url) => responses.get(url)?.clone(),
      put: async (url, response) => void responses.set(url, response),
    });
    expect(await cache.get("name")).toBeUndefined();
    await cache.put("name", bytes, { ttlMs: 90_500 });
    expect(new Uint8Array((await cache.get("name")) as ArrayBuffer)).toEqual(bytes);
    const [[url, response] = []] = responses;
    expect(url).toMatch(/^https:\/\/[a-z.]+\/name$/);
    expect(response?.headers.get("cache-control")).toBe("max-age=91");
  });

  it.each([undefined, {}, { match() {} }])("refuses %j", (cache) => {
    expect(() => cacheApi(cache as never)).toThrow(expect.objectContaining({ option: "cache" }));
  });
});

describe("a missing or different platform object", () => {
  const kv = { get() {}, put() {}, getWithMetadata() {} };
  const web = { match() {}, put() {} };
  const storage = { open() {}, default: web }; // as in Workers
  it.each([
    {
      to: "kvCache",
      make: kvCache,
      given: undefined,
      text: /is not bound: .*kvCache\(env\.FLAGS\)/,
    },
    { to: "kvCache", make: kvCache, given: null, text: /is not bound/ },
    { to: "kvCache", make: kvCache, given: web, text: /cacheApi\(caches\.default\)/ },
    { to: "cacheApi", make: cacheApi, given: undefined, text: /cacheApi\(caches\.default\)/ },
    { to: "cacheApi", make: cacheApi, given: kv, text: /kvCache\(env\.FLAGS\)/ },
    { to: "cacheApi", make: cacheApi, given: storage, text: /cacheApi\(caches\.default\)/ },
  ])("is refused with the right call: $given for $to", ({ given, make, text }) => {
    expect(() => make(given as never)).toThrow(text);
  });
});
