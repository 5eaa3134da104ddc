import {
  type ConfigurationOrigin,
  DecodeError,
  type Dialect,
  type Endpoint,
  type Payload,
  type PayloadSet,
} from "@sortition/core/internal";
import { type Responder, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { httpOrigin } from "./http-origin.js";
import type { DialectOriginOptions } from "./origin-options.js";

const never = new AbortController().signal;

function endpoint(part: string, isNeeded: (text: string) => boolean): Endpoint {
  return {
    part,
    path: () => `/v1/${part}`,
    query: ({ apiKey, sdkName }) => [
      ["apiKey", apiKey],
      ["sdkName", sdkName],
    ],
    headers: () => ({ "x-part": part }),
    isNeeded: (payloads) => isNeeded(textOf(payloads)),
  };
}

/**
 * A dialect of two parts. The second is fetched if the first requires it and the client does not
 * have it yet. It may be empty or unusable.
 */
const dialect = {
  name: "test",
  endpoints: [
    endpoint("flags", () => true),
    {
      ...endpoint("bandits", (text) => text.includes("needs") && !text.includes("models")),
      *isEmpty({ bytes }: Payload) {
        const text = Buffer.from(bytes).toString();
        yield;
        if (text === "garbage") throw new DecodeError("$", "is garbage");
        return text === "nothing";
      },
    },
  ],
  defaultBaseUrl: (apiKey: string) => `https://${apiKey}.example/api`,
} as unknown as Dialect; // an origin only reads the endpoints

function textOf(payloads: PayloadSet): string {
  return payloads.map(({ part, bytes }) => `${part}: ${Buffer.from(bytes).toString()}`).join("; ");
}

describe("httpOrigin", () => {
  let server: TestServer;
  let origin: ConfigurationOrigin;

  const create = (options: Partial<DialectOriginOptions> = {}): ConfigurationOrigin =>
    httpOrigin({ apiKey: "k y", baseUrl: `${server.url}/api/`, dialect, ...options });
  const fetchOnce = (current: PayloadSet | null = null) =>
    origin.fetchOnce(current, { signal: never });
  /** Responds to each request for a part with a string, and supports conditional requests. */
  const serve =
    (parts: Readonly<Record<string, string>>): Responder =>
    ({ path, headers }) => {
      const body = parts[path.slice("/api/v1/".length)];
      if (body === undefined) return { kind: "answer", status: 500 };
      const etag = `"${body}"`;
      return headers["if-none-match"] === etag
        ? { kind: "answer", status: 304 }
        : { kind: "answer", headers: { etag }, body };
    };

  beforeEach(async () => {
    server = await startTestServer();
    origin = create();
  });

  afterEach(async () => {
    origin.release?.();
    await server.close();
  });

  it("requests paths below the base URL, with the headers of the dialect and the caller and with its own user agent", async () => {
    origin = create({ headers: { "X-Team": "growth" } });
    server.respond(serve({ flags: "f" }));
    await fetchOnce();
    const [request] = server.requests;
    expect(request?.path).toBe("/api/v1/flags");
    expect(request?.query.toString()).toBe("apiKey=k+y&sdkName=sortition-node");
    expect(request?.headers).toMatchObject({
      accept: "application/json",
      "accept-encoding": "gzip, br",
      "user-agent": expect.stringMatching(/^sortition-node\/\d+\.\d+\.\d+/),
      "x-part": "flags",
      "x-team": "growth",
    });
    expect(request?.headers).not.toHaveProperty("if-none-match");
  });

  it("returns the exact bytes and their etag", async () => {
    server.respond({ kind: "answer", body: "\ufeff{}", headers: { etag: 'W/"1"' } });
    const result = await fetchOnce();
    expect(result).toMatchObject({
      kind: "payloads",
      payloads: [{ part: "flags", etag: 'W/"1"', from: "network" }],
    });
    expect(result.kind === "payloads" && result.payloads[0]?.bytes).toEqual(
      Buffer.from("\ufeff{}"),
    );
  });

  it("uses the etag of a 304 response from then on if it differs, for the same bytes", async () => {
    server.respond(serve({ flags: "f" }));
    const first = await fetchOnce();
    const held = first.kind === "payloads" ? first.payloads : null;
    for (const headers of [{ etag: '"newer"' }, {}, { etag: "\u00e9" }] as const) {
      server.respond({ kind: "answer", status: 304, headers });
      await fetchOnce(held);
    }
    await fetchOnce(held?.map((payload) => ({ ...payload })));
    const etags = server.requests.slice(1).map((it) => it.headers["if-none-match"]);
    expect(etags).toEqual(['"f"', '"newer"', '"newer"', '"f"']);
  });

  it("opens only one connection for attempts that fail before the first success", async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await fetchOnce()).toMatchObject({ kind: "failed" });
    }
    const connections = new Set(server.requests.map((it) => it.connectionClosed));
    expect([server.requests.length, connections.size]).toEqual([5, 1]);
    server.respond(serve({ flags: "f" }));
    expect(await fetchOnce()).toMatchObject({ kind: "payloads" });
    expect(server.requests[5]?.connectionClosed).toBe(server.requests[0]?.connectionClosed);
    await server.requests[5]?.connectionClosed;
    expect(server.openConnections).toBe(0);
  });

  describe("with a second part", () => {
    it("keeps the held second part if the response for it is empty", async () => {
      server.respond(serve({ flags: "needs", bandits: "nothing" }));
      const first = await fetchOnce();
      expect(first.kind === "payloads" && textOf(first.payloads)).toBe("flags: needs");
      server.respond(serve({ flags: "needs", bandits: "new" }));
      const held = await fetchOnce();
      server.respond(serve({ flags: "needs more", bandits: "nothing" }));
      const second = await fetchOnce(held.kind === "payloads" ? held.payloads : null);
      expect(second).not.toHaveProperty("failure");
      expect(second.kind === "payloads" && textOf(second.payloads)).toBe(
        "flags: needs more; bandits: new",
      );
    });

    it("returns only the first part if the second is unusable and nothing is held", async () => {
      server.respond(serve({ flags: "needs", bandits: "garbage" }));
      const first = await fetchOnce();
      const failure = { kind: "transient", error: { code: "SORTITION_DECODE" } };
      expect(first).toMatchObject({ payloads: [{ part: "flags" }], failure });
      const second = await fetchOnce(first.kind === "payloads" ? first.payloads : null);
      expect(second).toMatchObject({ kind: "failed", failure });
    });
  });

  it.each([
    { status: 401, kind: "unauthorized", code: "SORTITION_UNAUTHORIZED" },
    { status: 403, kind: "unauthorized", code: "SORTITION_UNAUTHORIZED" },
    { status: 404, kind: "rejected", code: "SORTITION_HTTP_STATUS" },
    { status: 408, kind: "transient", code: "SORTITION_HTTP_STATUS" },
    { status: 425, kind: "transient", code: "SORTITION_HTTP_STATUS" },
    { status: 429, kind: "transient", code: "SORTITION_HTTP_STATUS" },
    { status: 500, kind: "transient", code: "SORTITION_HTTP_STATUS" },
    { status: 503, kind: "transient", code: "SORTITION_HTTP_STATUS" },
    { status: 204, kind: "transient", code: "SORTITION_HTTP_STATUS" },
    { status: 302, kind: "rejected", code: "SORTITION_PROTOCOL" },
  ])("treats status $status as $kind", async ({ status, kind, code }) => {
    server.respond({ kind: "answer", status });
    expect(await fetchOnce()).toMatchObject({ kind: "failed", failure: { kind, error: { code } } });
  });

  it.each([200, 201, 203, 206])("uses the body of a response with status %i", async (status) => {
    server.respond({ kind: "answer", status, body: "flags" });
    expect(await fetchOnce()).toMatchObject({ kind: "payloads" });
  });

  it("uses only the statuses that the vendor's SDK accepts", async () => {
    const isUsable = (status: number): boolean => status === 200;
    const strict = httpOrigin({ apiKey: "key", baseUrl: server.url, dialect, isUsable });
    server.respond({ kind: "answer", status: 206, body: "flags" });
    const result = await strict.fetchOnce(null, { signal: never });
    expect(result).toMatchObject({ kind: "failed", failure: { error: { httpStatus: 206 } } });
  });

  it("does not reject when its signal is already aborted", async () => {
    expect(await origin.fetchOnce(null, { signal: AbortSignal.abort() })).toMatchObject({
      kind: "failed",
    });
    expect(server.requests).toHaveLength(0);
  });

  it("has a scope that depends on the dialect, base URL and key but contains none of them", () => {
    const { scope } = create();
    expect(scope).toMatch(/^[0-9a-f]{64}$/);
    expect(create().scope).toBe(scope);
    expect(create({ baseUrl: `${server.url}/api` }).scope).toBe(scope);
    expect(create({ apiKey: "other" }).scope).not.toBe(scope);
  });

  it.each([
    { options: { apiKey: " " }, option: "apiKey" },
    { options: { baseUrl: "ftp://flags.example" }, option: "baseUrl" },
    { options: { requestTimeoutMs: 0 }, option: "requestTimeoutMs" },
    { options: { maxBodyBytes: 1_023 }, option: "maxBodyBytes" },
    { options: { headers: { "User-Agent": "me" } }, option: "headers" },
    { options: { headers: { "x y": "me" } }, option: "headers" },
    { options: { headers: { x: "a\nb" } }, option: "headers" },
    { options: { dispatcher: {} }, option: "dispatcher" },
    { options: { clock: { now: 5 } }, option: "clock.now" },
    { options: { timeout: 5 }, option: "timeout" },
    { options: { dialect: undefined }, option: "dialect" },
  ])("refuses $options", ({ options, option }) => {
    const bad = options as unknown as Partial<DialectOriginOptions>; // as an untyped caller may pass it
    expect(() => create(bad)).toThrow(expect.objectContaining({ option }));
  });
});
