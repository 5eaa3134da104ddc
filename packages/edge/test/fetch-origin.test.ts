import { eppo } from "@sortition/core/eppo";
import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchOrigin } from "../src/index.js";
import { flagsWith } from "./support/vendor.js";

const never = new AbortController().signal;
let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.close());

const create = (options: object = {}) =>
  fetchOrigin({ dialect: eppo(), apiKey: "key", baseUrl: server.url, ...options });

describe("fetchOrigin", () => {
  it("sends the etag of the current payload", async () => {
    server.respond(({ headers }) =>
      headers["if-none-match"] === '"1"'
        ? { kind: "answer", status: 304 }
        : { kind: "answer", headers: { etag: '"1"' }, body: flagsWith("first") },
    );
    const origin = create();
    const first = await origin.fetchOnce(null, { signal: never });
    expect(first).toMatchObject({ kind: "payloads", payloads: [{ part: "flags", etag: '"1"' }] });
    const payloads = first.kind === "payloads" ? first.payloads : null;
    expect(await origin.fetchOnce(payloads, { signal: never })).toEqual({ kind: "unchanged" });
    expect(server.requests[0]?.headers["user-agent"]).toMatch(/^sortition-edge\//);
  });

  it.each(["Accept", "Authorization"])("refuses the header %s, which it sets itself", (name) => {
    const [endpoint] = eppo().endpoints;
    const endpoints = [{ ...endpoint, headers: () => ({ Authorization: "Bearer key" }) }];
    expect(() => create({ dialect: { ...eppo(), endpoints }, headers: { [name]: "x" } })).toThrow(
      `headers: ${name.toLowerCase()} is set by the library: leave it out`,
    );
  });

  it("follows redirects within the server, but not to another one", async () => {
    server.respond(({ path, target }) =>
      path.startsWith("/moved")
        ? { kind: "answer", body: flagsWith("first") }
        : { kind: "answer", status: 302, headers: { location: `/moved${target}` } },
    );
    expect(await create().fetchOnce(null, { signal: never })).toMatchObject({ kind: "payloads" });
    server.respond({ kind: "answer", status: 302, headers: { location: "https://x.example/" } });
    expect(await create().fetchOnce(null, { signal: never })).toMatchObject({
      kind: "failed",
      failure: { kind: "rejected", error: { code: "SORTITION_PROTOCOL" } },
    });
  });

  it.each<{ what: string; reply: Reply; kind: string; code: string }>([
    {
      what: "a refusal",
      reply: { kind: "answer", status: 401 },
      kind: "unauthorized",
      code: "SORTITION_UNAUTHORIZED",
    },
    {
      what: "an error",
      reply: { kind: "answer", status: 500 },
      kind: "transient",
      code: "SORTITION_HTTP_STATUS",
    },
    {
      what: "a page",
      reply: { kind: "answer", body: "<html>" },
      kind: "transient",
      code: "SORTITION_DECODE",
    },
    {
      what: "too large a body",
      reply: { kind: "answer", body: " ".repeat(3_000) },
      kind: "rejected",
      code: "SORTITION_BODY_TOO_LARGE",
    },
    {
      what: "a body without end",
      reply: { kind: "drip", everyMs: 10 },
      kind: "transient",
      code: "SORTITION_TIMEOUT",
    },
    { what: "no answer", reply: { kind: "hang" }, kind: "transient", code: "SORTITION_TIMEOUT" },
    {
      what: "a body that stops",
      reply: { kind: "hang-in-body" },
      kind: "transient",
      code: "SORTITION_TIMEOUT",
    },
    { what: "a reset", reply: { kind: "reset" }, kind: "transient", code: "SORTITION_NETWORK" },
  ])("classifies $what like httpOrigin", async ({ code, kind, reply }) => {
    server.respond(reply);
    const origin = create({ maxBodyBytes: 2_000, requestTimeoutMs: 300 });
    const result = await origin.fetchOnce(null, { signal: never });
    expect(result).toMatchObject({ kind: "failed", failure: { kind, error: { code } } });
  });

  it("returns the delay that the server requests", async () => {
    server.respond({ kind: "answer", status: 429, headers: { "retry-after": "7" } });
    const result = await create().fetchOnce(null, { signal: never });
    expect(result).toMatchObject({ kind: "failed", failure: { retryAfterMs: 7_000 } });
  });

  it("has a scope that does not contain the key, and differs by key and address", () => {
    const scopes = [
      create(),
      create({ apiKey: "other" }),
      create({ baseUrl: "https://x.example" }),
    ];
    expect(new Set(scopes.map(({ scope }) => scope)).size).toBe(3);
    expect(create().scope).toMatch(/^[0-9a-f]{64}$/);
  });
});
