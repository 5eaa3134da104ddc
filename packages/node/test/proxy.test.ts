import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eppo } from "@sortition/core/eppo";
import { createClock } from "@sortition/core/internal";
import {
  type ChildResult,
  ifWhole,
  isWhole,
  startChild,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withAbortDeadline } from "../src/http/abort-deadline.js";
import { httpOrigin } from "../src/http/http-origin.js";
import { HttpTransport, type HttpTransportOptions } from "../src/http/http-transport.js";
import { openEventStream } from "../src/http/stream/event-stream.js";
import type { EventStreamFailure } from "../src/http/stream/event-stream-options.js";
import {
  type ConnectProxy,
  type ConnectReply,
  startConnectProxy,
} from "./support/connect-proxy.js";
import { flagsBody } from "./support/flags.js";

/** From here, `@sortition/node` resolves to the build of this package. */
const cwd = fileURLToPath(new URL("..", import.meta.url));
const NO_PROXIES = {
  HTTP_PROXY: "",
  HTTPS_PROXY: "",
  NO_PROXY: "",
  http_proxy: "",
  https_proxy: "",
  no_proxy: "",
};

async function statusOf(
  transport: HttpTransport,
  url: string,
  timeoutMs = 200_000,
): Promise<number> {
  const { signal } = new AbortController();
  const options = { clock: createClock(), timeoutMs, signal };
  const { status } = await withAbortDeadline(options, (ended) =>
    transport.request({ url: new URL(url), headers: {}, maxBodyBytes: 1_000, signal: ended }),
  );
  return status;
}

describe("a transport with a proxy", () => {
  let server: TestServer;
  let transport: HttpTransport;
  const create = (options: HttpTransportOptions): HttpTransport => {
    transport = new HttpTransport(options);
    return transport;
  };

  beforeEach(async () => {
    server = await startTestServer({ kind: "answer", body: "text" });
  });

  afterEach(async () => {
    transport.release();
    await server.close();
  });

  it("reaches the server through one tunnel for all requests", async () => {
    await using proxy = await startConnectProxy();
    create({ proxy: proxy.url });
    for (let i = 0; i < 3; i++) expect(await statusOf(transport, server.url)).toBe(200);
    const target = new URL(server.url).host;
    expect(proxy.requests).toEqual([{ method: "CONNECT", target, authorization: undefined }]);
  });

  it("sends the user and password of its address to the proxy, not to the server", async () => {
    await using proxy = await startConnectProxy();
    const address = new URL(proxy.url);
    address.username = "user";
    address.password = "p@ss";
    create({ proxy: address });
    expect(await statusOf(transport, server.url)).toBe(200);
    const authorization = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(proxy.requests).toMatchObject([{ authorization }]);
    expect(server.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
  });

  it.each([403, 407, 502])("fails when the proxy responds with %i", async (status) => {
    await using proxy = await startConnectProxy(status);
    create({ proxy: proxy.url });
    await expect(statusOf(transport, server.url)).rejects.toMatchObject({
      code: "SORTITION_NETWORK",
      cause: { message: expect.stringContaining(`${status}`) },
    });
    expect(server.requests).toEqual([]);
  });

  it("ends at its deadline when the proxy does not respond, and leaves no connection", async () => {
    await using proxy = await startConnectProxy("hang");
    create({ proxy: proxy.url });
    await expect(statusOf(transport, server.url, 100)).rejects.toMatchObject({
      code: "SORTITION_TIMEOUT",
    });
    await expect.poll(() => proxy.openConnections).toBe(0);
  });

  it("destroys its connections on release", async () => {
    await using proxy = await startConnectProxy();
    create({ proxy: proxy.url });
    await statusOf(transport, server.url);
    expect(server.openConnections).toBe(1);
    transport.release();
    await expect.poll(() => proxy.openConnections + server.openConnections).toBe(0);
    expect(await statusOf(transport, server.url)).toBe(200);
    expect(proxy.requests).toHaveLength(2);
  });

  describe("from the environment", () => {
    const before = { ...process.env };
    const set = (variables: Readonly<Record<string, string>>): void => {
      Object.assign(process.env, NO_PROXIES, variables);
    };

    afterEach(() => {
      for (const name of Object.keys(NO_PROXIES)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    });

    it.each([
      { variables: {}, isProxied: false },
      { variables: { HTTP_PROXY: "proxy" }, isProxied: true },
      { variables: { http_proxy: "proxy" }, isProxied: true },
      { variables: { HTTPS_PROXY: "proxy" }, isProxied: false },
      { variables: { HTTP_PROXY: "proxy", NO_PROXY: "other.example" }, isProxied: true },
      { variables: { HTTP_PROXY: "proxy", NO_PROXY: "x.example,127.0.0.1" }, isProxied: false },
      { variables: { HTTP_PROXY: "proxy", no_proxy: "*" }, isProxied: false },
      { variables: { HTTP_PROXY: "proxy", NO_PROXY: "127.0.0.0/8" }, isProxied: false },
      { variables: { HTTP_PROXY: "proxy", NO_PROXY: "10.0.0.0/8,::1" }, isProxied: true },
    ])("uses the proxy according to $variables: $isProxied", async ({ variables, isProxied }) => {
      await using proxy = await startConnectProxy();
      // An empty lower-case variable would take precedence.
      for (const name of ["http_proxy", "https_proxy", "no_proxy"]) delete process.env[name];
      for (const [name, value] of Object.entries(variables)) {
        process.env[name] = value === "proxy" ? proxy.url : value;
      }
      create({ proxy: "environment" });
      expect(await statusOf(transport, server.url)).toBe(200);
      expect(proxy.requests).toHaveLength(isProxied ? 1 : 0);
    });

    it("leaves no connection to an exempt network behind", async () => {
      await using proxy = await startConnectProxy();
      set({ HTTP_PROXY: proxy.url, http_proxy: proxy.url, no_proxy: "127.0.0.0/8" });
      create({ proxy: "environment" });
      expect(await statusOf(transport, server.url)).toBe(200);
      expect([server.openConnections, proxy.requests]).toEqual([1, []]);
      transport.release();
      await expect.poll(() => server.openConnections).toBe(0);
    });

    it("ignores the environment without the option", async () => {
      await using proxy = await startConnectProxy();
      set({ HTTP_PROXY: proxy.url, http_proxy: proxy.url });
      create({});
      expect(await statusOf(transport, server.url)).toBe(200);
      expect(proxy.requests).toEqual([]);
    });

    it("rejects the request with an OptionError if a variable is not a URL", async () => {
      set({ http_proxy: "http://user:secret@[" });
      create({ proxy: "environment" });
      await expect(statusOf(transport, server.url)).rejects.toMatchObject({
        code: "SORTITION_OPTION",
        message: expect.not.stringContaining("secret"),
      });
    });
  });
});

describe("an attempt through a proxy that breaks off at CONNECT", () => {
  const REPLIES = [
    { reply: "close", reason: "closed at CONNECT" },
    { reply: "reset", reason: "closed at CONNECT" },
    { reply: "half", reason: "closed at CONNECT" },
    { reply: "other protocol", reason: "does not speak HTTP" },
    {
      reply: 407,
      reason: "407",
      hint: "set its user and password, as in http://user:password@host:port",
    },
  ] as const satisfies readonly {
    readonly reply: ConnectReply;
    readonly reason: string;
    readonly hint?: string;
  }[];
  const ROWS = REPLIES.flatMap((row) =>
    ["http://flags.invalid", "https://flags.invalid"].map((url) => ({
      hint: "is proxy right?",
      ...row,
      url,
    })),
  );
  /** In part, one URL of each reply. */
  const rowsOf = (column: number) =>
    ROWS.filter((_, i) => isWhole || (i + (i >> 1)) % 2 === column);

  it.each(rowsOf(0))(
    "of a poll opens one connection, and names the proxy: $reply, $url",
    async (row) => {
      await using proxy = await startConnectProxy(row.reply);
      const { signal } = new AbortController();
      const options = { apiKey: "key", baseUrl: row.url, dialect: eppo(), proxy: proxy.url };
      const origin = httpOrigin(options);
      for (let attempt = 1; attempt <= 2; attempt++) {
        expect(await origin.fetchOnce(null, { signal })).toMatchObject({
          failure: {
            kind: "transient",
            error: {
              code: "SORTITION_NETWORK",
              message: `no configuration from the proxy ${proxy.url} (${row.reason}): ${row.hint}`,
            },
          },
        });
        expect(proxy.requests).toHaveLength(attempt);
      }
      origin.release?.();
    },
  );

  it.each(rowsOf(1))("of a stream opens one connection: $reply, $url", async (row) => {
    await using proxy = await startConnectProxy(row.reply);
    const failure = await new Promise<EventStreamFailure>((onError) => {
      const stream = openEventStream({
        url: new URL(row.url),
        proxy: proxy.url,
        onEvent() {},
        onError(failure) {
          stream.close();
          onError(failure);
        },
      });
    });
    const message = `no answer from the proxy ${proxy.url} (${row.reason}): ${row.hint}`;
    expect(failure).toMatchObject({ state: "waiting", error: { message } });
    expect(proxy.requests).toHaveLength(1);
  });

  it("of many connections opens one for each request", async () => {
    await using proxy = await startConnectProxy("close");
    const transport = new HttpTransport({ connections: null, proxy: proxy.url });
    const outcomes = [1, 2, 3].map(() => statusOf(transport, "https://flags.invalid"));
    for (const { status } of await Promise.allSettled(outcomes)) expect(status).toBe("rejected");
    expect(proxy.requests).toHaveLength(3);
    transport.release();
  });
});

/** Creates a private CA and a server certificate for `localhost` signed by it, with `openssl`. */
function createCertificates(folder: string): { key: string; cert: string; caFile: string } {
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const ca = ["-keyout", file("ca.key"), "-out", file("ca.pem"), "-subj", "/CN=Private CA"];
  openssl("req", "-x509", "-days", "2", ...newKey, ...ca);
  const leaf = ["-keyout", file("leaf.key"), "-out", file("leaf.csr"), "-subj", "/CN=localhost"];
  openssl("req", ...newKey, ...leaf);
  writeFileSync(file("extensions"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  const signed = [
    "-in",
    file("leaf.csr"),
    "-out",
    file("leaf.pem"),
    "-extfile",
    file("extensions"),
  ];
  const signer = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial"];
  openssl("x509", "-req", "-days", "2", ...signed, ...signer);
  const read = (name: string): string => readFileSync(file(name), "utf8");
  return { key: read("leaf.key"), cert: read("leaf.pem"), caFile: file("ca.pem") };
}

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

describe.skipIf(!hasOpenssl)("a client behind a proxy, with TLS and a private CA", () => {
  let folder: string;
  let caFile: string;
  let server: ReturnType<typeof createServer>;
  let baseUrl: string;
  let proxy: ConnectProxy;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sortition-proxy-"));
    const certificates = createCertificates(folder);
    ({ caFile } = certificates);
    server = createServer(certificates, (_, response) => {
      response.end(flagsBody("on"));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // it listens on TCP
    baseUrl = `https://localhost:${port}`;
  });

  beforeEach(async () => {
    proxy = await startConnectProxy();
  });

  afterEach(() => proxy[Symbol.asyncDispose]());

  afterAll(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a process without `close()`, which has to end on its own. */
  function run(options: string, env: Readonly<Record<string, string>>): Promise<ChildResult> {
    const script = `
      import { setTimeout as sleep } from "node:timers/promises";
      import { init } from "@sortition/node";
      const client = await init({ apiKey: "key", baseUrl: "${baseUrl}", assignmentLogger: null, ${options} });
      const value = () => client.getStringAssignment("flag-1", "alice", {}, "default");
      while (value() === "default" && client.status.lastError === null) await sleep(10);
      console.log(value());
      console.log(client.status.lastError?.message ?? "no error");
    `;
    const variables = { ...NO_PROXIES, NODE_EXTRA_CA_CERTS: caFile, ...env };
    return startChild({ cwd, script, env: variables }).ended;
  }

  it("connects through the proxy given by the option", async () => {
    const result = await run(`proxy: "${proxy.url}"`, {});
    expect(result).toMatchObject({ exitCode: 0, stdout: "on\nno error\n", stderr: "" });
    expect(proxy.requests).toMatchObject([{ method: "CONNECT", target: new URL(baseUrl).host }]);
  });

  ifWhole(it)("connects through the proxy from the environment", async () => {
    const env = { https_proxy: proxy.url, http_proxy: "http://127.0.0.1:1" };
    const result = await run(`proxy: "environment"`, env);
    expect(result).toMatchObject({ exitCode: 0, stdout: "on\nno error\n", stderr: "" });
    expect(proxy.requests).toHaveLength(1);
  });

  ifWhole(it)("does not trust the server without the CA", async () => {
    const options = `proxy: "${proxy.url}", initializationTimeoutMs: 2_000`;
    const result = await run(options, { NODE_EXTRA_CA_CERTS: "" });
    expect(result.stdout).toMatch(
      /^default\nno configuration from https:\/\/localhost:\d+ \([A-Z_]+\): is its authority in NODE_EXTRA_CA_CERTS\?\n$/,
    );
    expect(proxy.requests.length).toBeGreaterThan(0);
  });
});
