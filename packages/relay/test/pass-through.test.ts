import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { createFakeClock, type FakeClock, ifWhole, isInPart } from "@sortition/test-kit";
import { PostHog } from "posthog-node";
import { describe, expect, it, vi } from "vitest";
import { sha256Of } from "../src/access/tokens.js";
import { rawExchange, statusOf } from "./raw.js";
import { later, relayOf, type TestRelay, VARIABLES } from "./start.js";

const { KEY, PROJECT } = VARIABLES;

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Starts a server like PostHog's, which serves definitions and records all other requests. */
async function posthogServer(answer: (received: Received) => object | null = () => null) {
  const received: Received[] = [];
  const arrived = { bytes: 0 };
  const server = createServer(async (request, response) => {
    const { headers, method = "", url = "" } = request;
    if (url.startsWith("/flags/definitions")) {
      response.end('{"flags":[],"group_type_mapping":{},"cohorts":{}}');
      return;
    }
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        arrived.bytes += chunk.length;
      }
    } catch {
      return; // the relay has aborted the request
    }
    const one = { method, url, headers, body: Buffer.concat(chunks) };
    received.push(one);
    const {
      body = '{"status":1}',
      status = 200,
      ...own
    } = (answer(one) ?? {}) as {
      readonly status?: number;
      readonly body?: string;
    };
    response.writeHead(status, { "content-type": "application/json", ...own }).end(body);
  });
  return { arrived, received, url: await listen(server) };
}

async function start(
  members: object = {},
  answer?: (received: Received) => object | null,
  { source: more, ...options }: { readonly clock?: FakeClock; readonly source?: object } = {},
) {
  const server = await posthogServer(answer);
  const source = { projectApiKey: PROJECT, secretKey: { env: "KEY" }, host: server.url, ...more };
  const environment = { name: "shop", dialect: "posthog", source, ...members };
  const relay = await relayOf({ environments: [environment] }, options);
  return { relay, arrived: server.arrived, received: server.received };
}

/** Starts a relay in front of a server that answers events like this, perhaps before it reads their bodies. */
async function relayBefore(
  answer: (response: ServerResponse, request: IncomingMessage) => unknown,
  clock?: FakeClock,
): Promise<TestRelay> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/flags/definitions")) response.end('{"flags":[]}');
    else answer(response, request);
  });
  const source = { projectApiKey: PROJECT, secretKey: { env: "KEY" }, host: await listen(server) };
  return await relayOf({ environments: [{ name: "shop", dialect: "posthog", source }] }, { clock });
}

/** Returns the address of a server that is closed after the test. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  later(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { readonly port: number }; // it listens on a port
  return `http://127.0.0.1:${port}`;
}

const post = (relay: TestRelay, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${relay.url}${path}`, { method: "POST", body: "{}", ...init });

describe("events of PostHog", () => {
  it.each(
    [
      ["/batch", "/batch/"], // Java
      ["/flags?v=2", "/flags/?v=2"],
      ["/decide?v=3", "/decide/?v=3"],
      ["/e", "/e/"],
      ["/capture", "/capture/"],
      ["/i/v0/e", "/i/v0/e/"],
      ["/i/v0/ai", "/i/v0/ai/"],
      ["/i/v0/ai/batch", "/i/v0/ai/batch/"],
      ["/i/v1/analytics/events/", "/i/v1/analytics/events"],
    ].filter((_, i) => isInPart(i)),
  )("posted to %s are forwarded to %s", async (given, forwarded) => {
    const { received, relay } = await start();
    for (const prefix of ["", "/shop"]) {
      expect((await post(relay, `${prefix}${given}`)).status).toBe(200);
    }
    expect(received.map(({ url }) => url)).toEqual([forwarded, forwarded]);
  });

  it("are not forwarded from paths below or beside the known ones", async () => {
    const { received, relay } = await start();
    for (const path of ["/batch//", "/batch/x", "/i/v0", "/i/v0/ai/x", "//batch"]) {
      expect((await post(relay, path)).status).toBe(404);
    }
    expect(received).toEqual([]);
  });

  ifWhole(it)("from the vendor's SDK are received exactly once, for 10,000 events", async () => {
    const { received, relay } = await start();
    const client = new PostHog(PROJECT, { host: relay.url, flushAt: 200, maxQueueSize: 20_000 });
    for (let i = 0; i < 10_000; i++) client.capture({ distinctId: `user-${i}`, event: "seen" });
    await client.shutdown();
    const ids = received.flatMap(({ body, headers }) => {
      const text = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      return (JSON.parse(text.toString()) as { batch: { distinct_id: string }[] }).batch.map(
        ({ distinct_id }) => distinct_id,
      );
    });
    expect(ids).toHaveLength(10_000);
    expect(new Set(ids).size).toBe(10_000);
    expect(new Set(received.map(({ url }) => url))).toEqual(new Set(["/batch/"]));
  });

  ifWhole(it)("are proxied together with remote flags of the vendor's SDK", async () => {
    const flag = { key: "beta", enabled: true, variant: "b", metadata: { id: 1, version: 1 } };
    const body = JSON.stringify({ flags: { beta: flag }, errorsWhileComputingFlags: false });
    const { received, relay } = await start({}, ({ url }) =>
      url.startsWith("/flags/") ? { body } : null,
    );
    const client = new PostHog(PROJECT, { host: `${relay.url}/shop` });
    expect(await client.getFeatureFlag("beta", "user")).toBe("b");
    await client.shutdown();
    expect(received[0]?.url).toBe("/flags/?v=2");
  });

  it.each([
    [
      "/batch/?compression=gzip&ip=1&_=123&ver=1.2.0",
      "/batch/?compression=gzip&ip=1&_=123&ver=1.2.0",
      undefined,
    ],
    ["/batch/?next=https://evil.example&compression=a%2fb", "/batch/", undefined],
    ["/e/", "/e/", undefined],
    ["/capture/", "/capture/", undefined],
    ["/decide/?v=3", "/decide/?v=3", undefined],
    ["/i/v0/e/", "/i/v0/e/", undefined],
    ["/i/v0/ai/batch/", "/i/v0/ai/batch/", undefined],
    ["/i/v1/logs?token=phc_other", `/i/v1/logs?token=${PROJECT}`, undefined],
    ["/i/v1/analytics/events", "/i/v1/analytics/events", `Bearer ${PROJECT}`],
    // The newest SDKs send LLM events to this path.
    ["/i/v1/ai/events", "/i/v1/ai/events", `Bearer ${PROJECT}`],
    ["/shop/flags/?v=2&config=true", "/flags/?v=2&config=true", undefined],
  ])("sent to %s are forwarded to %s", async (path, upstream, authorization) => {
    const { received, relay } = await start();
    const headers = {
      "content-type": "application/json",
      "content-encoding": "gzip",
      "user-agent": "posthog-node/5",
      authorization: "Bearer of-the-caller",
      cookie: "session=1",
      "x-forwarded-for": "10.0.0.1",
      forwarded: "for=10.0.0.1",
    };
    const answer = await post(relay, path, { headers, body: "the body" });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 1 });
    expect(received).toHaveLength(1);
    const [{ body, headers: sent, url } = received[0] as never] = received;
    expect([url, body.toString(), sent.authorization]).toEqual([
      upstream,
      "the body",
      authorization,
    ]);
    expect(Object.keys(sent).sort()).toEqual(
      [
        ...["accept", "connection", "content-encoding", "content-type", "host"],
        ...["transfer-encoding", "user-agent"],
        ...(authorization === undefined ? [] : ["authorization"]),
      ].sort(),
    );
  });

  it("get only the status, type, Retry-After and body of the vendor's response", async () => {
    const { relay } = await start({}, () => ({
      status: 429,
      body: "slow down",
      "content-type": "text/plain",
      "retry-after": "7",
      "set-cookie": "a=b",
      location: "http://evil.example/",
      "x-internal": "1",
    }));
    const answer = await post(relay, "/batch/");
    expect([answer.status, await answer.text()]).toEqual([429, "slow down"]);
    const names = [...answer.headers.keys()].sort();
    expect(names).toEqual([
      ...["connection", "content-type", "date", "keep-alive", "retry-after", "transfer-encoding"],
    ]);
  });

  it.each([301, 302, 307, 308].filter((_, i) => isInPart(i)))(
    "do not follow redirects with status %i",
    async (status) => {
      const { received, relay } = await start({}, () => ({ status, location: "/elsewhere" }));
      const answer = await post(relay, "/batch/", { redirect: "manual" });
      expect([answer.status, answer.headers.get("location")]).toEqual([status, null]);
      expect(received).toHaveLength(1);
    },
  );

  it("are not forwarded with passThrough: false", async () => {
    const { received, relay } = await start({ passThrough: false });
    expect((await post(relay, "/batch/")).status).toBe(404);
    expect((await post(relay, "/shop/flags/?v=2")).status).toBe(404);
    expect(received).toEqual([]);
  });

  it("can be sent by web pages of the listed origins, and preflights are not forwarded", async () => {
    const { received, relay } = await start({ origins: ["https://shop.example"] });
    const allowed = { origin: "https://shop.example" };
    const preflight = await post(relay, "/e/", { method: "OPTIONS", headers: allowed, body: null });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(received).toEqual([]);
    const sent = await post(relay, "/e/", { headers: allowed });
    expect(sent.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    const other = await post(relay, "/e/", { headers: { origin: "https://other.example" } });
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
  });

  ifWhole(it)("bypass the proxy for networks that NO_PROXY lists", async () => {
    vi.stubEnv("http_proxy", "http://127.0.0.1:9"); // nothing listens on this port
    vi.stubEnv("no_proxy", "127.0.0.0/8");
    later(async () => vi.unstubAllEnvs());
    const { received, relay } = await start({}, undefined, { source: { proxy: "environment" } });
    expect((await post(relay, "/batch/")).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  it("get 502 without a server, and are never retried", async () => {
    let tries = 0;
    const relay = await relayBefore((_, { socket }) => {
      tries += 1;
      socket.destroy();
    });
    expect((await post(relay, "/batch/")).status).toBe(502);
    expect(tries).toBe(1);
  });

  ifWhole(it)("get a response sent before their body, on a connection that closes", async () => {
    const relay = await relayBefore((response) => response.end('{"status":1}'));
    const head = "POST /batch/ HTTP/1.1\r\nhost: relay\r\ncontent-length: 3000000\r\n\r\n";
    const answer = await rawExchange(relay.address.port, head, Buffer.alloc(100_000, 97));
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('{"status":1}');
  });

  ifWhole(it)("larger than 20 MB get 413, with or without Content-Length", async () => {
    const { received, relay } = await start();
    const { port } = relay.address;
    const head = "POST /batch/ HTTP/1.1\r\nhost: relay\r\n";
    const announced = await rawExchange(port, `${head}content-length: 20971521\r\n\r\n`);
    expect(statusOf(announced)).toBe(413);
    expect(received).toEqual([]);
    const chunk = Buffer.concat([
      Buffer.from("100000\r\n"),
      Buffer.alloc(0x100000, 97),
      Buffer.from("\r\n"),
    ]);
    const chunks = Array.from({ length: 21 }, () => chunk);
    const streamed = await rawExchange(
      port,
      `${head}transfer-encoding: chunked\r\n\r\n`,
      ...chunks,
    );
    expect([413, 0]).toContain(statusOf(streamed)); // 0: the connection was closed while the body was sent
    expect(received).toEqual([]);
  });

  it("are aborted after 10 s without data, and after a minute in total", async () => {
    const clock = createFakeClock();
    const { arrived, received, relay } = await start({}, undefined, { clock });
    const head = "POST /batch/ HTTP/1.1\r\nhost: relay\r\ncontent-length: 1000\r\n\r\n";
    const idle = rawExchange(relay.address.port, head, "x");
    await expect.poll(() => arrived.bytes).toBe(1);
    await clock.advance(10_000);
    expect(statusOf(await idle)).toBe(504);

    const socket = connect(relay.address.port, "127.0.0.1");
    later(async () => void socket.destroy());
    let answer = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
    });
    socket.on("error", () => {});
    socket.write(head);
    for (let i = 0; i < 8; i++) {
      socket.write("x");
      await expect.poll(() => arrived.bytes).toBe(i + 2);
      expect(answer).toBe("");
      await clock.advance(7_500);
    }
    await expect.poll(() => statusOf(answer)).toBe(504);
    expect(received).toEqual([]);
  });

  ifWhole(it)("get 503 above 256 concurrent requests", async () => {
    const waiting: (() => void)[] = [];
    const relay = await relayBefore((response) => {
      waiting.push(() => response.end("{}"));
    }, createFakeClock());
    const request =
      "POST /batch/ HTTP/1.1\r\nhost: relay\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    const answers = Array.from({ length: 256 }, () => rawExchange(relay.address.port, request));
    await expect.poll(() => waiting.length).toBe(256);
    const refused = await post(relay, "/batch/");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    for (const answer of waiting) answer();
    expect((await Promise.all(answers)).every((it) => statusOf(it) === 200)).toBe(true);
    const next = post(relay, "/batch/");
    await expect.poll(() => waiting.length).toBe(257);
    waiting[256]?.();
    expect((await next).status).toBe(200);
  });
});

describe("hostile requests", () => {
  const TOKEN = "srt_secrets";
  const tokens = [
    { name: "secrets", sha256: sha256Of(TOKEN), scopes: ["configuration", "secrets"] },
    { name: "plain", sha256: sha256Of("srt_plain") },
  ];
  const AUTHORIZED = `authorization: Bearer ${TOKEN}\r\n`;

  const REFUSED = [
    ["POST /batch%2f HTTP/1.1", "", 404],
    ["POST /%62atch/ HTTP/1.1", "", 404],
    ["POST //batch/ HTTP/1.1", "", 404],
    ["POST /batch// HTTP/1.1", "", 404],
    ["POST /batch/.. HTTP/1.1", "", 404],
    ["POST /batch/%2e%2e/api/ HTTP/1.1", "", 404],
    ["POST /batch/../api/users/@me/ HTTP/1.1", "", 404],
    ["POST /\\batch/ HTTP/1.1", "", 404],
    ["POST /batch\\ HTTP/1.1", "", 404],
    ["POST /batch/;x HTTP/1.1", "", 404],
    ["POST /batch/%00 HTTP/1.1", "", 404],
    ["POST /i/v0/../../api/ HTTP/1.1", "", 404],
    ["POST /i/v9/anything HTTP/1.1", "", 404],
    ["POST /api/projects/@current/feature_flags/beta/remote_config HTTP/1.1", AUTHORIZED, 404],
    ["POST http://evil.example/batch/ HTTP/1.1", "", 404],
    ["GET http://evil.example/ HTTP/1.1", "", 404],
    ["GET /batch/ HTTP/1.1", "", 404],
    ["PUT /batch/ HTTP/1.1", "", 404],
    ["DELETE /flags/ HTTP/1.1", "", 404],
    ["POST /nobody/batch/ HTTP/1.1", "", 404],
    ["POST /__proto__/batch/ HTTP/1.1", "", 404],
    [`POST /${"a".repeat(10_000)}/ HTTP/1.1`, "", 404],
    ["CONNECT evil.example:443 HTTP/1.1", "", 400],
    ["POST /batch/ HTTP/1.1", "connection: upgrade\r\nupgrade: websocket\r\n", 400],
    ["POST /batch/ HTTP/1.1", "content-length: 2\r\ntransfer-encoding: chunked\r\n", 400],
    ["POST /batch/ HTTP/1.1", "content-length: 2\r\ncontent-length: 3\r\n", 400],
    ["POST /batch/ HTTP/1.1", "content-length: -1\r\n", 400],
    ["POST /batch/ HTTP/1.1", "transfer-encoding: gzip, chunked, identity\r\n", 400],
    ["POST /batch/ HTTP/1.1", "transfer-encoding: gzip, chunked\r\n", 400],
    ["POST /batch/ HTTP/1.1", " folded: 1\r\n", 400],
    ["POST /batch/ HTTP/9.9", "", 400],
    ["POST /batch/ HTTP/1.1", `x: ${"a".repeat(64 * 1_024)}\r\n`, 431],
    ["GET /api/projects/2/feature_flags/beta/remote_config HTTP/1.1", AUTHORIZED, 404],
    ["GET /api/projects/%40current/feature_flags/beta/remote_config HTTP/1.1", AUTHORIZED, 404],
    ["GET /api/projects/@current/../2/feature_flags/beta/remote_config HTTP/1.1", AUTHORIZED, 404],
    ["GET /api/projects/@current/feature_flags/../remote_config HTTP/1.1", AUTHORIZED, 404],
    ["GET /api/projects/@current/feature_flags/%2e%2e/remote_config HTTP/1.1", AUTHORIZED, 404],
    ["GET /api/projects/@current/feature_flags/a%2fb/remote_config HTTP/1.1", AUTHORIZED, 404],
    ["GET /api/projects/@current/feature_flags/%00/remote_config HTTP/1.1", AUTHORIZED, 404],
    [
      `GET /api/projects/@current/feature_flags/${"a".repeat(401)}/remote_config HTTP/1.1`,
      AUTHORIZED,
      404,
    ],
    ["GET /api/projects/@current/feature_flags/beta HTTP/1.1", AUTHORIZED, 404],
    ["GET /api/projects/@current/feature_flags/ HTTP/1.1", AUTHORIZED, 404],
    ["GET /api/users/@me/ HTTP/1.1", AUTHORIZED, 404],
    ["GET /api/projects/@current/feature_flags/beta/remote_config HTTP/1.1", "", 401],
    [
      "GET /api/projects/@current/feature_flags/beta/remote_config HTTP/1.1",
      "authorization: Bearer srt_plain\r\n",
      401,
    ],
    [
      "GET /api/projects/@current/feature_flags/beta/remote_config HTTP/1.1",
      `authorization: Bearer ${KEY}\r\n`,
      401,
    ],
    [
      "GET /nobody/api/projects/@current/feature_flags/beta/remote_config HTTP/1.1",
      AUTHORIZED,
      401,
    ],
  ] as const;

  it("are rejected, and nothing is forwarded", async () => {
    const clock = createFakeClock();
    const { received, relay } = await start({ tokens }, undefined, { clock });
    for (const [line, headers, status] of REFUSED) {
      const request = `${line}\r\nhost: relay\r\n${headers}connection: close\r\n\r\n`;
      const answer = await rawExchange(relay.address.port, request);
      expect([line, statusOf(answer)]).toEqual([line, status]);
      expect(answer).not.toMatch(/srt_|evil|phc_/);
      expect([line, received]).toEqual([line, []]);
      await clock.advance(60_000); // the log has each cause once a minute
    }
    expect(relay.log.join("")).not.toMatch(/srt_|evil|phc_|aaaa/);
  });

  it("headers that Connection lists and unknown headers are not forwarded", async () => {
    const { received, relay } = await start();
    await rawExchange(
      relay.address.port,
      "POST /batch/ HTTP/1.1\r\nhost: relay\r\nconnection: close, x-secret\r\nx-secret: 1\r\nte: trailers\r\n",
      "content-type: text/plain\r\ncontent-length: 2\r\n\r\n{}",
    );
    expect(received).toHaveLength(1);
    expect(Object.keys(received[0]?.headers ?? {})).not.toContain("x-secret");
    expect(Object.keys(received[0]?.headers ?? {})).not.toContain("te");
  });

  it("a remote configuration is read with the environment's own key, and only for a token with the scope", async () => {
    const { received, relay } = await start({ tokens }, () => ({ body: '"decrypted"' }));
    for (const prefix of ["", "/shop"]) {
      const answer = await fetch(
        `${relay.url}${prefix}/api/projects/@current/feature_flags/beta.2/remote_config?token=phc_other&x=1`,
        { headers: { authorization: `Bearer ${TOKEN}` } },
      );
      expect([answer.status, await answer.json()]).toEqual([200, "decrypted"]);
    }
    const [first] = received;
    expect(first?.url).toBe(
      `/api/projects/@current/feature_flags/beta.2/remote_config?token=${PROJECT}`,
    );
    expect(first?.headers.authorization).toBe(`Bearer ${KEY}`);
    const answer = await fetch(
      `${relay.url}/api/projects/@current/feature_flags/beta/remote_config`,
      { headers: { authorization: "Bearer srt_plain" } },
    );
    expect(answer.status).toBe(401);
    expect(relay.log.find((it) => it.includes("lacks a scope"))).toContain('"token":"plain"');
  });
});

describe("a reused connection that PostHog has closed", () => {
  /** Starts a relay for a server that destroys a connection when it receives its second request. */
  async function startClosing(): Promise<{ readonly relay: TestRelay; readonly urls: string[] }> {
    const urls: string[] = [];
    const used = new WeakSet<object>();
    const relay = await relayBefore((response, request) => {
      urls.push(request.url ?? "");
      if (used.has(request.socket)) return request.socket.destroy();
      used.add(request.socket);
      return request.resume().on("end", () => response.end("{}"));
    });
    return { relay, urls };
  }

  it("is noticed, and flags are requested once more", async () => {
    const { relay, urls } = await startClosing();
    expect((await post(relay, "/flags/?v=2")).status).toBe(200);
    expect((await post(relay, "/flags/?v=2")).status).toBe(200);
    expect(urls).toHaveLength(3);
  });

  it("fails an event, which is not sent again, and is logged", async () => {
    const { relay, urls } = await startClosing();
    expect((await post(relay, "/batch/")).status).toBe(200);
    expect((await post(relay, "/batch/")).status).toBe(502);
    expect(urls).toHaveLength(2);
    const [line = ""] = relay.log.filter((it) => it.includes("could not be forwarded"));
    expect(JSON.parse(line)).toMatchObject({
      environment: "shop",
      route: "/batch/",
      level: "warn",
    });
  });
});
