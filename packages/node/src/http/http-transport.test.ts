import { brotliCompressSync, gzipSync } from "node:zlib";
import { createClock } from "@sortition/core/source";
import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withDeadline } from "./deadline.js";
import { type HttpResponse, HttpTransport } from "./http-transport.js";

let server: TestServer;
let transport: HttpTransport;

beforeEach(async () => {
  server = await startTestServer();
  transport = new HttpTransport();
});

afterEach(async () => {
  transport.release();
  await server.close();
});

function get(
  url = server.url,
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<HttpResponse> {
  const { timeoutMs = 5_000, signal = new AbortController().signal } = options;
  return withDeadline({ clock: createClock(), timeoutMs, signal }, (ended) =>
    transport.request({ url: new URL(url), headers: {}, maxBodyBytes: 10_000, signal: ended }),
  );
}

function answer(body: string | Uint8Array, headers: Record<string, string> = {}): Reply {
  return { kind: "answer", body, headers };
}

describe("HttpTransport", () => {
  it.each([
    { encoding: "identity", pack: (text: string) => Buffer.from(text) },
    { encoding: "gzip", pack: (text: string) => gzipSync(text) },
    { encoding: "x-gzip", pack: (text: string) => gzipSync(text) },
    { encoding: "GZip", pack: (text: string) => gzipSync(text) },
    { encoding: " gzip \t", pack: (text: string) => gzipSync(text) },
    { encoding: "br", pack: (text: string) => brotliCompressSync(text) },
  ])("reads a body in the encoding $encoding", async ({ encoding, pack }) => {
    server.respond(answer(pack("some text"), { "content-encoding": encoding, etag: '"1"' }));
    const response = await get();
    expect(Buffer.from(response.body).toString()).toBe("some text");
    expect(response.header("etag")).toBe('"1"');
    expect(response.header("missing")).toBeNull();
  });

  it("uses one connection for one request after the other", async () => {
    server.respond(answer("text"));
    for (let i = 0; i < 5; i++) await get();
    expect(new Set(server.requests.map(({ connectionClosed }) => connectionClosed)).size).toBe(1);
  });

  it("leaves no listener behind when each request needs a connection of its own", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on("warning", onWarning);
    server.respond(answer("text", { connection: "close" }));
    for (let i = 0; i < 30; i++) await get();
    process.off("warning", onWarning);
    expect(new Set(server.requests.map(({ connectionClosed }) => connectionClosed)).size).toBe(30);
    expect(warnings).toEqual([]);
  });

  it("reads no body of an error", async () => {
    server.respond({ kind: "answer", status: 500, body: "x".repeat(100_000) });
    const response = await get();
    expect(response.status).toBe(500);
    expect(response.body).toHaveLength(0);
  });

  it.each([
    { what: "announced", reply: answer("x".repeat(10_001)) },
    {
      what: "on the wire",
      reply: answer("x".repeat(10_001), { "transfer-encoding": "chunked" }),
    },
    {
      what: "unpacked",
      reply: answer(gzipSync("x".repeat(10_001)), { "content-encoding": "gzip" }),
    },
  ])("refuses a body that is too large, as $what", async ({ reply }) => {
    server.respond(reply);
    await expect(get()).rejects.toMatchObject({ code: "SORTITION_BODY_TOO_LARGE" });
  });

  it("refuses an encoding it did not offer", async () => {
    server.respond(answer("x", { "content-encoding": "deflate" }));
    await expect(get()).rejects.toMatchObject({ code: "SORTITION_PROTOCOL" });
  });

  it("takes a damaged compressed body for a broken connection", async () => {
    server.respond(answer(gzipSync("text").subarray(0, 15), { "content-encoding": "gzip" }));
    await expect(get()).rejects.toMatchObject({
      code: "SORTITION_NETWORK",
      cause: { code: "Z_BUF_ERROR" },
    });
  });

  it("follows three redirects, and no fourth", async () => {
    server.respond(({ path }) => {
      const left = Number(path.slice(1));
      return left === 0
        ? answer("there")
        : { kind: "answer", status: 302, headers: { location: `/${left - 1}` }, body: "moved" };
    });
    expect((await get(`${server.url}/3`)).status).toBe(200);
    await expect(get(`${server.url}/4`)).rejects.toMatchObject({ code: "SORTITION_PROTOCOL" });
  });

  it.each<{ reply: Reply }>([
    { reply: { kind: "hang" } },
    { reply: { kind: "hang-in-body" } },
    { reply: { kind: "drip", everyMs: 20 } },
  ])("ends a request at its deadline: $reply.kind", async ({ reply }) => {
    server.respond(reply);
    const failing = get(server.url, { timeoutMs: 100 });
    await expect(failing).rejects.toMatchObject({
      code: "SORTITION_TIMEOUT",
      phase: "request",
      timeoutMs: 100,
    });
    await (await server.request(1)).connectionClosed;
  });

  it("ends a request when its signal is aborted", async () => {
    server.respond({ kind: "hang" });
    const controller = new AbortController();
    const failing = get(server.url, { signal: controller.signal });
    const request = await server.request(1);
    controller.abort();
    await expect(failing).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    await request.connectionClosed;
  });

  it("works again after it was released", async () => {
    server.respond(answer("text"));
    await get();
    transport.release();
    expect((await get()).status).toBe(200);
  });
});
