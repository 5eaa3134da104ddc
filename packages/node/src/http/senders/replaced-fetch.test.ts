import { ownFetch, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HttpTransport } from "../http-transport.js";
import { replacedFetch, sendByReplacedFetch } from "./replaced-fetch.js";

let server: TestServer;
const platformFetch = globalThis.fetch;
const onFirst = vi.fn();

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  globalThis.fetch = platformFetch;
  vi.clearAllMocks();
  await server.close();
});

const request = (transport: HttpTransport, path = "/", maxBodyBytes = 1_000) =>
  transport.request({
    url: new URL(`${server.url}${path}`),
    headers: { accept: "application/json", "accept-encoding": "gzip, br" },
    maxBodyBytes,
    signal: new AbortController().signal,
  });

describe("replacedFetch", () => {
  it("returns null while the global fetch is missing or the runtime's own", () => {
    expect(replacedFetch()).toBeNull();
    vi.stubGlobal("fetch", undefined);
    expect(replacedFetch()).toBeNull();
    vi.unstubAllGlobals();
  });

  it("returns the global fetch once it is replaced", () => {
    const stub = vi.fn();
    globalThis.fetch = stub;
    expect(replacedFetch()).toBe(stub);
  });

  it("returns a global fetch that was replaced before this module was imported", async () => {
    const stub = vi.fn();
    globalThis.fetch = stub;
    vi.resetModules();
    const late = await import("./replaced-fetch.js");
    expect(late.replacedFetch()).toBe(stub);
  });

  it("returns null for Next's global fetch, which caches responses", () => {
    globalThis.fetch = Object.assign(vi.fn(), { __nextPatched: true });
    expect(replacedFetch()).toBeNull();
  });
});

describe("sendByReplacedFetch", () => {
  const create = (): HttpTransport => new HttpTransport({ send: sendByReplacedFetch(onFirst) });

  it("leaves requests to the connections while fetch is the runtime's own", async () => {
    server.respond(() => ({ kind: "answer", body: "real" }));
    const { body } = await request(create());
    expect(Buffer.from(body).toString()).toBe("real");
    expect(onFirst).not.toHaveBeenCalled();
  });

  it("uses a replaced fetch from then on, uncached, and reports the first request", async () => {
    const stub = vi.fn(async (_url: string, _options: object) => new Response("stubbed"));
    globalThis.fetch = ownFetch(stub, server.url) as unknown as typeof fetch;
    const transport = create();
    for (let i = 0; i < 2; i++) {
      const { body, status } = await request(transport, "/a?b=c");
      expect([status, Buffer.from(body).toString()]).toEqual([200, "stubbed"]);
    }
    expect(onFirst).toHaveBeenCalledTimes(1);
    expect(server.requests).toEqual([]);
    const [url, options] = stub.mock.calls[0] ?? [];
    expect(url).toBe(`${server.url}/a?b=c`);
    const headers = { accept: "application/json" };
    expect(options).toMatchObject({ method: "GET", cache: "no-store", headers });
  });

  it.each([
    { name: "json()", answer: { ok: true, json: async () => ({ a: 1 }) }, status: 200 },
    { name: "text()", answer: { status: 200, text: async () => '{"a":1}' }, status: 200 },
    { name: "json() that returns at once", answer: { json: () => ({ a: 1 }) }, status: 200 },
    { name: "text() that returns at once", answer: { text: () => '{"a":1}' }, status: 200 },
    {
      name: "ok and another status",
      answer: { ok: true, status: 0, json: () => ({ a: 1 }) },
      status: 200,
    },
    {
      name: "ok and status 201",
      answer: { ok: true, status: 201, json: () => ({ a: 1 }) },
      status: 201,
    },
    { name: "a failure", answer: { ok: false, json: async () => ({}) }, status: 500 },
  ])("accepts test doubles of responses that have $name", async ({ answer, status }) => {
    globalThis.fetch = (async () => answer) as unknown as typeof fetch;
    const response = await request(create());
    expect(response.status).toBe(status);
    expect(Buffer.from(response.body).toString()).toBe(status < 300 ? '{"a":1}' : "");
  });

  it("fails like a request if fetch throws or returns nothing", async () => {
    globalThis.fetch = () => {
      throw new Error("no network in tests");
    };
    await expect(request(create())).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    globalThis.fetch = (async () => undefined) as unknown as typeof fetch;
    await expect(request(create())).rejects.toMatchObject({ code: "SORTITION_PROTOCOL" });
  });

  it("limits bodies and follows only redirects to the same server, like our own connections", async () => {
    globalThis.fetch = (...args) => platformFetch(...args);
    server.respond(({ path }) => {
      if (path === "/other") {
        return { kind: "answer", status: 302, headers: { location: "http://other.invalid/" } };
      }
      if (path === "/moved") return { kind: "answer", status: 302, headers: { location: "/here" } };
      return { kind: "answer", body: "x".repeat(2_000), headers: { etag: '"1"' } };
    });
    const { body, header } = await request(create(), "/moved", 2_000);
    expect([body.length, header("etag")]).toEqual([2_000, '"1"']);
    await expect(request(create(), "/here", 1_999)).rejects.toMatchObject({
      code: "SORTITION_BODY_TOO_LARGE",
    });
    await expect(request(create(), "/other")).rejects.toThrow("another origin");
  });
});
