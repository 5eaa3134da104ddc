import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { createClock, type HttpResponse } from "@sortition/core/internal";
import { openBlackHole, type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withAbortDeadline } from "./abort-deadline.js";
import type { HttpRequest } from "./exchange.js";
import { Exchange } from "./exchange.js";
import { HttpTransport, type HttpTransportOptions } from "./http-transport.js";
import { NodeSender } from "./senders/node-sender.js";

let server: TestServer;
let transport: Pick<HttpTransport, "request" | "release">;

beforeEach(async () => {
  server = await startTestServer();
  transport = new HttpTransport();
});

afterEach(async () => {
  transport.release();
  await server.close();
});

interface GetOptions extends Pick<HttpRequest, "method" | "body"> {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

function get(url = server.url, options: GetOptions = {}): Promise<HttpResponse> {
  const { timeoutMs = 5_000, signal = new AbortController().signal, ...message } = options;
  const request = { url: new URL(url), headers: {}, maxBodyBytes: 10_000, ...message };
  return withAbortDeadline({ clock: createClock(), timeoutMs, signal }, (ended) =>
    transport.request({ ...request, signal: ended }),
  );
}

/**
 * Starts a server that responds with the request body, and redirects `/from` with `redirectStatus`.
 */
async function startEchoServer(
  redirectStatus = 307,
): Promise<AsyncDisposable & { readonly url: string }> {
  const echo = createServer(async (incoming, outgoing) => {
    if (incoming.url === "/from") {
      incoming.resume();
      outgoing.writeHead(redirectStatus, { location: "/to" }).end();
      return;
    }
    const chunks: Uint8Array[] = await incoming.toArray();
    outgoing.writeHead(200, { "x-method": incoming.method }).end(Buffer.concat(chunks));
  });
  await once(echo.listen(0, "127.0.0.1"), "listening");
  const { port } = echo.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      echo.closeAllConnections();
      await once(echo.close(), "close");
    },
  };
}

function answer(body: string | Uint8Array, headers: Record<string, string> = {}): Reply {
  return { kind: "answer", body, headers };
}

const asked = { what: "answer", option: null, route: "direct" } as const;

describe.each([
  { name: "HttpTransport", create: () => new HttpTransport() },
  { name: "an exchange by node:http", create: () => new Exchange(new NodeSender(), asked) },
])("$name", ({ create }) => {
  beforeEach(() => {
    transport = create();
  });

  it.each([
    { encoding: "identity", pack: (text: string) => Buffer.from(text) },
    { encoding: "gzip", pack: (text: string) => gzipSync(text) },
    { encoding: "x-gzip", pack: (text: string) => gzipSync(text) },
    { encoding: "GZip", pack: (text: string) => gzipSync(text) },
    { encoding: " gzip \t", pack: (text: string) => gzipSync(text) },
    { encoding: "br", pack: (text: string) => brotliCompressSync(text) },
  ])("reads a body with the encoding $encoding", async ({ encoding, pack }) => {
    server.respond(answer(pack("some text"), { "content-encoding": encoding, etag: '"1"' }));
    const response = await get();
    expect(Buffer.from(response.body).toString()).toBe("some text");
    expect(response.header("etag")).toBe('"1"');
    expect(response.header("missing")).toBeNull();
  });

  it("uses one connection for consecutive requests", async () => {
    server.respond(answer("text"));
    for (let i = 0; i < 5; i++) await get();
    expect(new Set(server.requests.map(({ connectionClosed }) => connectionClosed)).size).toBe(1);
  });

  it("leaves no listener behind when each request needs its own connection", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on("warning", onWarning);
    server.respond(answer("text", { connection: "close" }));
    for (let i = 0; i < 30; i++) await get();
    process.off("warning", onWarning);
    expect(new Set(server.requests.map(({ connectionClosed }) => connectionClosed)).size).toBe(30);
    expect(warnings).toEqual([]);
  });

  it("does not read the body of an error", async () => {
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
      what: "decompressed",
      reply: answer(gzipSync("x".repeat(10_001)), { "content-encoding": "gzip" }),
    },
  ])("refuses a body that is too large: $what", async ({ reply }) => {
    server.respond(reply);
    await expect(get()).rejects.toMatchObject({ code: "SORTITION_BODY_TOO_LARGE" });
  });

  it("refuses an encoding that was not offered", async () => {
    server.respond(answer("x", { "content-encoding": "deflate" }));
    await expect(get()).rejects.toMatchObject({ code: "SORTITION_PROTOCOL" });
  });

  it("reports a damaged compressed body as a broken connection", async () => {
    server.respond(answer(gzipSync("text").subarray(0, 15), { "content-encoding": "gzip" }));
    await expect(get()).rejects.toMatchObject({
      code: "SORTITION_NETWORK",
      cause: { code: "Z_BUF_ERROR" },
    });
  });

  it("lifecycle §7 fault 8: follows three redirects but not a fourth", async () => {
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
    // On an open connection, the request arrives even if the deadline has passed before the server looks.
    server.respond(answer("open"));
    await get();
    server.respond(reply);
    const failing = get(server.url, { timeoutMs: 100 });
    await expect(failing).rejects.toMatchObject({
      code: "SORTITION_TIMEOUT",
      phase: "request",
      timeoutMs: 100,
    });
    await (await server.request(2)).connectionClosed;
  });

  it("lifecycle §7 fault 2: ends a request whose connection is never established", async () => {
    const hole = await openBlackHole();
    const failing = get(hole.url, { timeoutMs: 300 });
    await expect(failing).rejects.toMatchObject({ code: "SORTITION_TIMEOUT", timeoutMs: 300 });
    await hole.close();
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

  it.each([
    { body: "text é", bytes: Buffer.from("text é") },
    { body: new Uint8Array([0, 255, 10]), bytes: Buffer.from([0, 255, 10]) },
    { body: undefined, bytes: Buffer.alloc(0) },
  ])("sends the method and the body $body", async ({ body, bytes }) => {
    await using echo = await startEchoServer();
    const response = await get(echo.url, { method: "PUT", body });
    expect(response.header("x-method")).toBe("PUT");
    expect(Buffer.from(response.body)).toEqual(bytes);
  });

  it.each([301, 302, 303])(
    "does not resend a POST with another method after %i",
    async (status) => {
      server.respond({ kind: "answer", status, headers: { location: "/there" } });
      const failing = get(server.url, { method: "POST", body: "x" });
      await expect(failing).rejects.toMatchObject({ code: "SORTITION_PROTOCOL" });
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each([307, 308])("resends a POST with its body after %i", async (status) => {
    await using echo = await startEchoServer(status);
    const response = await get(`${echo.url}/from`, { method: "POST", body: "x" });
    expect(response.header("x-method")).toBe("POST");
    expect(Buffer.from(response.body).toString()).toBe("x");
  });

  it("works again after a release", async () => {
    server.respond(answer("text"));
    await get();
    transport.release();
    expect((await get()).status).toBe(200);
  });
});

describe("HttpTransport", () => {
  it.each([
    { sockets: {}, connections: 1 },
    { sockets: { isReused: false }, connections: 3 },
    { sockets: { keepAlive: false, noDelay: false, family: 4 }, connections: 1 },
    { sockets: { localAddress: "127.0.0.1", keepAliveInitialDelayMs: 5_000 }, connections: 1 },
  ] as const)("needs $connections connections for three requests with $sockets", async (it) => {
    let connections = 0;
    const plain = createServer((_, response) => response.end("ok"));
    plain.on("connection", () => {
      connections += 1;
    });
    plain.listen(0, "127.0.0.1");
    await once(plain, "listening");
    const { port } = plain.address() as AddressInfo;
    transport = new HttpTransport({ sockets: it.sockets });
    for (let i = 0; i < 3; i++) {
      expect((await get(`http://127.0.0.1:${port}`)).status).toBe(200);
    }
    transport.release();
    plain.close();
    expect(connections).toBe(it.connections);
  });

  it.each([
    { option: "sockets.isReused", sockets: { isReused: 1 } },
    { option: "sockets.family", sockets: { family: 5 } },
    { option: "sockets.localAddress", sockets: { localAddress: 1 } },
    { option: "sockets.keepAliveInitialDelayMs", sockets: { keepAliveInitialDelayMs: 0 } },
    { option: "sockets.keepalive", sockets: { keepalive: true } },
  ])("refuses $option", ({ option, sockets }) => {
    expect(() => new HttpTransport({ sockets } as HttpTransportOptions)).toThrow(
      expect.objectContaining({ name: "OptionError", option }),
    );
  });

  describe("with several concurrent requests", () => {
    /**
     * Sends four requests. The server holds the first responses until it has received `peak` requests, and waits for
     * more.
     */
    const askAll = async (peak: number, options: HttpTransportOptions): Promise<void> => {
      transport = new HttpTransport(options);
      let arrived = 0;
      let go = (): void => {};
      const going = new Promise<void>((resolve) => {
        go = resolve;
      });
      server.respond(async () => {
        arrived += 1;
        if (arrived === peak) go();
        await going;
        await new Promise((resolve) => setTimeout(resolve, arrived < 4 ? 50 : 0));
        return answer("text");
      });
      await Promise.all([1, 2, 3, 4].map(() => get()));
    };

    it.each([
      { connections: undefined, peak: 1 },
      { connections: 2, peak: 2 },
      { connections: null, peak: 4 },
    ])(
      "runs $peak requests at a time with connections: $connections",
      async ({ connections, peak }) => {
        await askAll(peak, { connections });
        expect(server.peakConcurrency).toBe(peak);
      },
    );

    it("ends one request at its deadline and lets the others continue", async () => {
      transport = new HttpTransport({ connections: null });
      let finish = (): void => {};
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      server.respond(async ({ path }) => {
        if (path === "/hang") return { kind: "hang" };
        await finished;
        return answer("text");
      });
      const going = get(`${server.url}/go`);
      await server.request(1);
      const failing = get(`${server.url}/hang`, { timeoutMs: 50 });
      await expect(failing).rejects.toMatchObject({ code: "SORTITION_TIMEOUT" });
      finish();
      expect((await going).status).toBe(200);
      // Nothing is left of the aborted request, and the next one works.
      await expect.poll(() => server.openConnections).toBe(0);
      expect((await get(`${server.url}/go`)).status).toBe(200);
    });
  });

  it.each<{ options: object; option: string }>([
    { options: { connections: 0 }, option: "connections" },
    { options: { connections: 1.5 }, option: "connections" },
    { options: { dispatcher: {} }, option: "dispatcher" },
    { options: { proxy: "nonsense" }, option: "proxy" },
    { options: { connection: 1 }, option: "connection" },
  ])("refuses $options", ({ options, option }) => {
    expect(() => new HttpTransport(options)).toThrow(expect.objectContaining({ option }));
  });
});
