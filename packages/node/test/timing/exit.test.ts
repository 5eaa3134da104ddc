import { truncateSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Child,
  type ChildResult,
  ifWhole,
  isInPart,
  openBlackHole,
  type Reply,
  startChild,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { httpOrigin } from "../../src/index.js";
import { startConnectProxy } from "../support/connect-proxy.js";
import { type EventResponder, startEventServer, stream } from "../support/event-server.js";
import { createFolder } from "../support/folder.js";
import { flagsAnswer, status } from "../support/servers.js";

/** From here, `@sortition/node` resolves to the build of this package. */
const cwd = fileURLToPath(new URL("../..", import.meta.url));
const API_KEY = "secret-key-5f3a";
/** Longer than `startChild` lets a process run. Whatever lasts this long must not keep the process alive. */
const TOO_LONG_MS = 60_000;

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.close());

function start(
  script: string,
  options: { url?: string; type?: "commonjs"; env?: Readonly<Record<string, string>> } = {},
): Child {
  const { url = server.url, type = "module", env = {} } = options;
  return startChild({ cwd, type, script, env: { BASE_URL: url, API_KEY, ...env } });
}

/** Expects that the process exited with 0 and wrote nothing unexpected. */
function expectCleanExit(result: ChildResult): void {
  expect(result).toMatchObject({ exitCode: 0, signal: null, stdout: "" });
  expect(result.stderr).not.toMatch(/secret-key|Unhandled|Warning: Detected unsettled/);
}

describe("lifecycle §7 fault 30: close during an operation", () => {
  /** Closes on SIGUSR2 while `init` is pending. */
  const CLOSE_ON_SIGNAL = `
    import { getInstance, init } from "@sortition/node";
    process.once("SIGUSR2", () => getInstance().close());
    const pending = init({
      apiKey: process.env.API_KEY,
      baseUrl: process.env.BASE_URL,
      requestTimeoutMs: ${TOO_LONG_MS},
      initializationTimeoutMs: ${2 * TOO_LONG_MS},
    });
    console.error("\\n@started");
    const client = await pending;
    console.error("state " + client.status.state);
  `;

  const closeWhen = async (child: Child, reached: Promise<unknown>): Promise<void> => {
    await reached;
    child.kill("SIGUSR2");
    const result = await child.ended;
    expectCleanExit(result);
    expect(result.stderr).toContain("state closed");
  };

  const phases: readonly { readonly phase: string; readonly reply: Reply }[] = [
    { phase: "headers", reply: { kind: "hang" } },
    { phase: "body", reply: { kind: "hang-in-body" } },
    { phase: "body that drips", reply: { kind: "drip", everyMs: 50 } },
  ];
  it.each(phases.filter((_, i) => isInPart(i, 1)))(
    "ends the process immediately: $phase",
    async ({ reply }) => {
      server.respond(reply);
      const child = start(CLOSE_ON_SIGNAL);
      await closeWhen(child, server.request(1));
      expect(server.requests).toHaveLength(1);
    },
  );

  ifWhole(
    it.each([
      { phase: "back-off", headers: {} },
      { phase: "Retry-After", headers: { "retry-after": `${TOO_LONG_MS / 1_000}` } },
    ]),
  )("ends the process immediately: $phase", async ({ headers }) => {
    server.respond(status(503, headers));
    const child = start(CLOSE_ON_SIGNAL);
    // "refresh failed" is written to stderr when the wait has begun.
    await closeWhen(
      child,
      server.request(1).then(() => child.mark("started")),
    );
    expect(server.requests).toHaveLength(1);
  });

  ifWhole(it)("ends the process immediately: connect", async () => {
    const hole = await openBlackHole();
    const child = start(CLOSE_ON_SIGNAL, { url: hole.url });
    await closeWhen(
      child,
      // The connection attempt is not visible from outside; half a second is enough to start it.
      child.mark("started").then(() => new Promise((resolve) => setTimeout(resolve, 500))),
    );
    await hole.close();
  });

  ifWhole(it)("ends the process immediately: disk read", async () => {
    using folder = createFolder();
    const { scope } = httpOrigin({ apiKey: API_KEY, baseUrl: server.url });
    const copy = folder.file(`sortition-eppo-${scope.slice(0, 16)}.cache`);
    writeFileSync(copy, "", { mode: 0o600 });
    truncateSync(copy, 500 * 1_024 * 1_024);
    const script = `
      import { createClient } from "@sortition/node";
      const client = createClient({
        apiKey: process.env.API_KEY,
        baseUrl: process.env.BASE_URL,
        diskCache: { directory: process.env.DIRECTORY },
      });
      const pending = client.waitForInitialization();
      await new Promise((resolve) => setTimeout(resolve, 20));
      await client.close();
      console.error("reason " + (await pending).reason);
    `;
    const result = await start(script, { env: { DIRECTORY: folder.path } }).ended;
    expectCleanExit(result);
    expect(result.stderr).toContain("reason closed");
    expect(server.requests).toHaveLength(0);
  });

  it("ends the process immediately after faults of all kinds", async () => {
    const faults: readonly { fault: string; reply: Reply }[] = [
      { fault: "a reset connection", reply: { kind: "reset" } },
      { fault: "a body cut short", reply: { kind: "cut", body: "{}", framing: "content-length" } },
      { fault: "a chunked body cut short", reply: { kind: "cut", body: "{}", framing: "chunked" } },
      { fault: "garbage", reply: { kind: "answer", body: "<html>" } },
      { fault: "a refused key", reply: status(401) },
      { fault: "no such page", reply: status(404) },
      { fault: "too many requests", reply: status(429, { "retry-after": "600" }) },
      { fault: "a redirect in circles", reply: status(302, { location: "/" }) },
      { fault: "an unknown encoding", reply: status(200, { "content-encoding": "zstd" }) },
      { fault: "nothing new to one who has nothing", reply: status(304) },
    ];
    const servers = await Promise.all(faults.map(({ reply }) => startTestServer(reply)));
    const urls: Record<string, string> = {
      "a refused connection": "http://127.0.0.1:9",
      "a name that does not exist": "http://no-such-host.invalid",
    };
    for (const [i, { fault }] of faults.entries()) urls[fault] = servers[i]?.url ?? "";
    const script = `
      import { createClient } from "@sortition/node";
      const clients = Object.entries(JSON.parse(process.env.URLS)).map(([fault, baseUrl]) => {
        return { fault, client: createClient({ apiKey: "key", baseUrl, initializationTimeoutMs: 700 }) };
      });
      await Promise.all(clients.map(({ client }) => client.waitForInitialization()));
      for (const { client, fault } of clients) console.error("state after " + fault + ": " + client.status.state);
      await Promise.all(clients.map(({ client }) => client.close()));
    `;
    const result = await start(script, { env: { URLS: JSON.stringify(urls) } }).ended;
    for (const it of servers) await it.close();
    expectCleanExit(result);
    for (const fault of Object.keys(urls)) {
      expect(result.stderr).toContain(`state after ${fault}: error`);
    }
  });

  ifWhole(it)("sends no request if the client is closed before the first attempt", async () => {
    const child = start(`
      import { createClient } from "@sortition/node";
      const client = createClient({ apiKey: process.env.API_KEY, baseUrl: process.env.BASE_URL });
      await client.close();
    `);
    const result = await child.ended;
    expectCleanExit(result);
    expect(server.requests).toHaveLength(0);
  });
});

describe("lifecycle §7 fault 32: a script that ends without close", () => {
  const INIT = `
    import { init } from "@sortition/node";
    const startedAt = performance.now();
    const client = await init({ apiKey: process.env.API_KEY, baseUrl: process.env.BASE_URL });
    console.error("init took " + (performance.now() - startedAt));
    console.error("state " + client.status.state);
  `;

  ifWhole(it)("exits with 0, 5 s after a failed init", async () => {
    server.respond(status(500));
    const result = await start(INIT).ended;
    expectCleanExit(result);
    expect(result.stderr).toContain("state error");
    const tookMs = Number(/init took ([\d.]+)/.exec(result.stderr)?.[1]);
    expect(tookMs).toBeGreaterThan(4_950);
  });

  it("exits immediately after success, and writes nothing", async () => {
    server.respond(flagsAnswer("a"));
    const result = await start(INIT).ended;
    expectCleanExit(result);
    expect(result.stderr).toContain("state ready");
  });

  ifWhole(it)("exits immediately in CommonJS too", async () => {
    server.respond(flagsAnswer("a"));
    const script = `
      const { init } = require("@sortition/node");
      init({ apiKey: process.env.API_KEY, baseUrl: process.env.BASE_URL }).then((client) => {
        console.error("state " + client.status.state);
      });
    `;
    const result = await start(script, { type: "commonjs" }).ended;
    expectCleanExit(result);
    expect(result.stderr).toContain("state ready");
  });

  ifWhole(it)("does not wait for a hanging request without a caller", async () => {
    server.respond({ kind: "hang" });
    const script = `
      import { createClient } from "@sortition/node";
      createClient({
        apiKey: process.env.API_KEY, baseUrl: process.env.BASE_URL, requestTimeoutMs: ${TOO_LONG_MS},
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
    `;
    const result = await start(script).ended;
    expectCleanExit(result);
  });
});

ifWhole(describe)("a proxy that hangs", () => {
  it.each([
    { what: "after close()", end: "await client.close();" },
    { what: "without close()", end: "" },
  ])("does not keep the process alive $what", async ({ end }) => {
    await using proxy = await startConnectProxy("hang");
    const script = `
      import { createClient } from "@sortition/node";
      const { API_KEY: apiKey, BASE_URL: baseUrl, PROXY: proxy } = process.env;
      const client = createClient({ apiKey, baseUrl, proxy, requestTimeoutMs: ${TOO_LONG_MS} });
      await new Promise((resolve) => {
        const waiting = setInterval(() => {}, 1_000);
        process.once("SIGUSR2", () => resolve(clearInterval(waiting)));
      });
      ${end}
    `;
    const child = start(script, { env: { PROXY: proxy.url } });
    await expect.poll(() => proxy.requests.length).toBe(1);
    child.kill("SIGUSR2");
    const result = await child.ended;
    expectCleanExit(result);
  });
});

ifWhole(describe)("an event stream", () => {
  const states: readonly { state: string; respond: EventResponder }[] = [
    { state: "open", respond: (response) => void stream(response, "data: a\n\n") },
    { state: "connecting", respond: () => {} },
    { state: "waiting", respond: (response) => void response.writeHead(500).end() },
  ];

  it.each(states)(
    "does not keep the process alive while it is $state",
    async ({ state, respond }) => {
      await using events = await startEventServer(respond);
      const script = `
      import { openEventStream } from "@sortition/node/internal";
      const url = new URL(process.env.EVENTS_URL);
      const stream = openEventStream({ url, retryMs: ${TOO_LONG_MS}, openTimeoutMs: ${TOO_LONG_MS}, onEvent() {} });
      const sleep = () => new Promise((resolve) => setTimeout(resolve, 50));
      do await sleep(); while (stream.state !== process.env.STATE);
      console.error("state " + stream.state);
    `;
      const env = { EVENTS_URL: events.url.href, STATE: state };
      const result = await start(script, { env }).ended;
      expect(events.requests.length).toBeLessThanOrEqual(1);
      expectCleanExit(result);
      expect(result.stderr).toContain(`state ${state}`);
    },
  );
});

ifWhole(describe)("a streaming source", () => {
  it.each([
    { what: "after close()", end: "await client.close();" },
    { what: "without close()", end: "" },
  ])("does not keep the process alive $what", async ({ end }) => {
    server.respond(flagsAnswer("a"));
    await using events = await startEventServer((response) => void stream(response, "data: a\n\n"));
    const script = `
      import { httpOrigin, init } from "@sortition/node";
      import * as sources from "@sortition/node/internal";
      import { openEventStream } from "@sortition/node/internal";
      const { API_KEY: apiKey, BASE_URL: baseUrl, EVENTS_URL } = process.env;
      const origin = sources.streamedOrigin(
        httpOrigin({ apiKey, baseUrl }),
        {
          startsWith: "fetch", readyMs: null, onGarbage: "fetch", silenceMs: null, lifeMs: () => 600_000,
          open: (link) => openEventStream({ ...sources.linkOptions(link), url: new URL(EVENTS_URL) }),
          read: () => ({ kind: "alive" }),
          reopenMs: () => ${TOO_LONG_MS},
        },
      );
      const client = await init({ source: sources.streamingSource(origin) });
      while (client.status.stream.events === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      console.error("state " + client.status.state + " " + client.status.stream.isUp);
      ${end}
    `;
    const result = await start(script, { env: { EVENTS_URL: events.url.href } }).ended;
    expectCleanExit(result);
    expect(result.stderr).toContain("state ready true");
  });
});

describe("importing the package", () => {
  ifWhole(
    it.each([
      { type: "module" as const, load: 'await import("@sortition/node")' },
      { type: "commonjs" as const, load: 'require("@sortition/node")' },
    ]),
  )("does not load undici, start or write anything ($type)", async ({ type, load }) => {
    const script = `
      ${type === "module" ? 'import { createRequire } from "node:module"; const require = createRequire(process.cwd() + "/x.js");' : ""}
      const before = new Set(process.moduleLoadList);
      ${load};
      const undici = Object.keys(require.cache).filter((file) => file.includes("undici"));
      const builtins = process.moduleLoadList.filter((it) => !before.has(it) && /undici|NativeModule (http|https|tls)$/.test(it));
      console.error("loaded " + JSON.stringify([...undici, ...builtins]));
    `;
    const result = await startChild({ cwd, type, script }).ended;
    expectCleanExit(result);
    expect(result.stderr).toContain("loaded []");
  });

  it.each(
    [
      { type: "module" as const, load: 'await import("@sortition/node")' },
      { type: "commonjs" as const, load: 'require("@sortition/node")' },
    ].filter((_, i) => isInPart(i, 1)),
  )(
    "leaves undici unloaded after the first request; the second one loads it ($type)",
    async ({ type, load }) => {
      server.respond(flagsAnswer("a"));
      const script = `
      ${type === "module" ? 'import { createRequire } from "node:module"; const require = createRequire(process.cwd() + "/x.js");' : ""}
      const { init } = ${load};
      const loaded = () => Object.keys(require.cache)
        .map((file) => file.split("/node_modules/undici/")[1])
        .filter((file) => file !== undefined);
      init({ apiKey: process.env.API_KEY, baseUrl: process.env.BASE_URL }).then(async (client) => {
        console.error("first " + client.status.state + " " + loaded().length);
        await new Promise(setImmediate); // otherwise it would join the first attempt
        await client.refresh();
        console.error("second " + client.status.lastError + " " + (loaded().length > 10));
      });
    `;
      const env = { BASE_URL: server.url, API_KEY };
      const result = await startChild({ cwd, type, script, env }).ended;
      expectCleanExit(result);
      expect(result.stderr).toContain("first ready 0\nsecond null true");
    },
  );
});
