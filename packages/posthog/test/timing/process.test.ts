import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import {
  ENDS_MS,
  ifWhole,
  openBlackHole,
  type Reply,
  selfSignedCertificate,
  startChild,
  startTestServer,
} from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { ShopServer } from "../program/shop-server.js";

const CWD: string = fileURLToPath(new URL("../../", import.meta.url));

async function run(script: string): ReturnType<typeof startChild>["ended"] {
  return startChild({ script, cwd: CWD }).ended;
}

/** Options of requests that last longer than the time in which a process must end. */
const PATIENT = "requestTimeout: 60_000, featureFlagsRequestTimeoutMs: 60_000";

/** Waits until a request is in flight. */
const WAIT =
  "while (client.stats().inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 10));";

ifWhole(describe)("a process", () => {
  it("is not kept alive or changed by importing the package, which writes nothing", async () => {
    const script = `
      const before = Object.getOwnPropertySymbols(globalThis).length + Object.keys(globalThis).length;
      const listeners = process.eventNames().length;
      await import("@sortition/posthog");
      const after = Object.getOwnPropertySymbols(globalThis).length + Object.keys(globalThis).length;
      if (after !== before) throw new Error("a global was made");
      if (process.eventNames().length !== listeners) throw new Error("a listener was added");
    `;
    const { exitCode, stderr, stdout } = await run(script);
    expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr: "", stdout: "" });
  });

  it("ends by itself although a client polls and has captured events", async () => {
    await using server = await startTestServer({ kind: "answer", body: '{"flags":[]}' });
    const { exitCode, stdout } = await run(`
      import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc_key", { host: "${server.url}", secretKey: "phx_key" });
      client.capture({ distinctId: "a", event: "b" });
    `);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("");
  });

  it("reports how many events process.exit() loses, but nothing after shutdown", async () => {
    await using server = await startTestServer({ kind: "answer", body: "{}" });
    const start = `
      import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc_key", { host: "${server.url}" });
      client.capture({ distinctId: "a", event: "b" });
      client.capture({ distinctId: "a", event: "c" });
    `;
    const lost = await run(`${start} process.exit();`);
    expect(lost.stderr).toMatch(
      /events lost: 2 not sent when the process exited; await shutdown\(\) before process.exit\(\)/,
    );
    const sent = await run(`${start} await client.shutdown(); process.exit();`);
    expect(sent.stderr).toBe("");
  });

  it("exits after shutdown while requests hang", async () => {
    await using server = await startTestServer({ kind: "hang" });
    const { endedAfterMs, exitCode, stdout } = await run(`
      import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc_key", { host: "${server.url}", secretKey: "phx_key", ${PATIENT} });
      client.on("error", () => {});
      client.capture({ distinctId: "a", event: "b" });
      void client.getFeatureFlag("flag", "user");
      void client.flush().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 200));
      await client.shutdown(3_000);
      console.error("@closed");
    `);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("");
    expect(endedAfterMs("closed")).toBeLessThan(ENDS_MS);
  });

  it.each([
    { what: "a full batch", isTls: false, options: "flushAt: 1", end: "" },
    { what: "a full batch, over TLS", isTls: true, options: "flushAt: 1", end: "" },
    { what: "the interval", isTls: false, options: "flushInterval: 50", end: WAIT },
  ])("ends when the request for $what has ended", async ({ end, isTls, options }) => {
    const respond = (_: unknown, response: ServerResponse): void =>
      void setTimeout(() => response.end("{}"), 200);
    const server = isTls
      ? createTlsServer(selfSignedCertificate(), respond)
      : createServer(respond);
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo; // it listens on a port
    const { exitCode, stderr } = await startChild({
      script: `
        import { PostHog } from "@sortition/posthog";
        const host = "http${isTls ? "s" : ""}://127.0.0.1:${port}";
        const client = new PostHog("phc_key", { host, ${options} });
        process.on("exit", () => console.error("delivered: " + client.stats().delivered));
        client.capture({ distinctId: "a", event: "b" });
        ${end}`,
      cwd: CWD,
      env: isTls ? { NODE_TLS_REJECT_UNAUTHORIZED: "0", NODE_NO_WARNINGS: "1" } : {},
    }).ended;
    server.close();
    expect([exitCode, stderr]).toEqual([0, "delivered: 1\n"]);
  });

  it("receives the response of a request for which it waits", async () => {
    await using server = await startTestServer({
      kind: "answer",
      body: '{"flags":{"f":{"key":"f","enabled":true,"variant":"v"}}}',
    });
    const { exitCode, stderr } = await run(`
      import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc_key", { host: "${server.url}" });
      console.error("value: " + (await client.getFeatureFlag("f", "user")));
    `);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("value: v");
  });
});

/** Work in which a client may be interrupted by shutdown. */
const WORK: readonly {
  readonly name: string;
  readonly reply?: Reply;
  readonly script: string;
}[] = [
  { name: "before any request", script: "" },
  { name: "while headers are awaited", reply: { kind: "hang" }, script: "await pause();" },
  { name: "while a body is read", reply: { kind: "hang-in-body" }, script: "await pause();" },
  {
    name: "while a poll backs off",
    reply: { kind: "answer", status: 500 },
    script: "await pause();",
  },
  {
    name: "while Retry-After passes",
    reply: { kind: "answer", status: 503, headers: { "retry-after": "60" } },
    script:
      "client.capture({ distinctId: 'a', event: 'b' }); void client.flush().catch(() => {}); await pause();",
  },
  {
    name: "while the server evaluates a flag",
    reply: { kind: "hang" },
    script: "void client.getFeatureFlag('flag', 'user'); await pause();",
  },
  {
    name: "before a flag is asked for again",
    reply: { kind: "answer", status: 502 },
    script: "void client.getFeatureFlag('flag', 'user'); await pause();",
  },
  {
    name: "while readiness is awaited",
    reply: { kind: "hang" },
    script: "void client.waitForLocalEvaluationReady(); await pause();",
  },
  {
    name: "while a remote configuration is awaited",
    reply: { kind: "hang" },
    script: "void client.getRemoteConfigPayload('theme'); await pause();",
  },
  {
    name: "while a flush and an immediate event hang",
    reply: { kind: "hang" },
    script:
      "void client.captureImmediate({ distinctId: 'a', event: 'b' }); void client.flush().catch(() => {}); await pause();",
  },
];

const PRELUDE = `
  import { PostHog } from "@sortition/posthog";
  const pause = () => new Promise((resolve) => setTimeout(resolve, 150));
  const create = (host) => {
    const client = new PostHog("phc_key", { host, secretKey: "phx_secret-5f3a", ${PATIENT} });
    client.on("error", () => {});
    return client;
  };
`;

/** Runs these scripts in one process, each with its own client and server, and then `end`, which may use `clients`. */
async function runTogether(
  work: readonly { readonly name: string; readonly reply?: Reply; readonly script: string }[],
  end: string,
) {
  const servers = await Promise.all(
    work.map(({ reply = { kind: "hang" } }) => startTestServer(reply)),
  );
  const bodies = work.map(
    ({ name, script }, i) =>
      `async (client = create("${servers[i]?.url}")) => { ${script} console.error("began ${name}"); return client; }`,
  );
  const script = `${PRELUDE}
    const clients = await Promise.all([${bodies.join(",\n")}].map((it) => it()));
    ${end}`;
  const ended = await startChild({ script, cwd: CWD }).ended;
  for (const server of servers) await server.close();
  for (const { name } of work) expect(ended.stderr).toContain(`began ${name}`);
  return ended;
}

describe("lifecycle §7 fault 30: a process ends after shutdown", () => {
  it(`with clients in all states: ${WORK.map(({ name }) => name).join(", ")}`, async () => {
    const end = `
      console.error("@closing");
      await Promise.all(clients.map((it) => it.shutdown(50)));`;
    const { endedAfterMs, exitCode, stderr, stdout } = await runTogether(WORK, end);
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(stderr).not.toContain("5f3a");
    expect(endedAfterMs("closing")).toBeLessThan(ENDS_MS);
  });

  ifWhole(it)("while a connection is being opened", async () => {
    const hole = await openBlackHole();
    const { endedAfterMs, exitCode } = await startChild({
      script: `${PRELUDE} const client = create(process.env.HOST);
        await pause(); console.error("@closing"); await client.shutdown(50);`,
      cwd: CWD,
      env: { HOST: hole.url },
    }).ended;
    await hole.close();
    expect(exitCode).toBe(0);
    expect(endedAfterMs("closing")).toBeLessThan(ENDS_MS);
  });

  ifWhole(it)("while a cache of definitions hangs, and still sends the events", async () => {
    await using server = await startTestServer({ kind: "answer", body: '{"flags":[]}' });
    const { endedAfterMs, exitCode, stderr } = await startChild({
      script: `
        import { PostHog } from "@sortition/posthog";
        const never = () => new Promise(() => {});
        const flagDefinitionCacheProvider = {
          getFlagDefinitions: never, shouldFetchFlagDefinitions: never,
          onFlagDefinitionsReceived: never, shutdown: never,
        };
        const options = { host: process.env.HOST, secretKey: "phx_key", flagDefinitionCacheProvider };
        const client = new PostHog("phc_key", options);
        client.capture({ distinctId: "a", event: "b" });
        console.error("@closing");
        await client.shutdown(3_000);
        console.error("delivered: " + client.stats().delivered);`,
      cwd: CWD,
      env: { HOST: server.url },
    }).ended;
    expect(exitCode).toBe(0);
    expect(stderr).toContain("delivered: 1");
    expect(endedAfterMs("closing")).toBeLessThan(3_000 + ENDS_MS);
  });
});

describe("lifecycle §7 fault 32: a process without shutdown ends after its last statement", () => {
  const work: readonly { name: string; reply: Reply; script: string }[] = [
    {
      name: "a healthy server",
      reply: { kind: "answer", body: '{"flags":[]}' },
      script: "await client.getFeatureFlag('f', 'user'); await client.flush();",
    },
    {
      name: "a server that fails",
      reply: { kind: "answer", status: 500 },
      script: "await client.waitForLocalEvaluationReady(300); await client.getAllFlags('user');",
    },
    {
      name: "a server that hangs",
      reply: { kind: "hang" },
      script: "await client.waitForLocalEvaluationReady(300);",
    },
    {
      name: "an event that is sent at once",
      reply: { kind: "answer" },
      script: "await client.captureImmediate({ distinctId: 'a', event: 'b' });",
    },
    {
      name: "a captured exception",
      reply: { kind: "answer" },
      script: "await client.captureExceptionImmediate(new Error('x'), 'a'); await client.flush();",
    },
  ];

  it(`whose clients had ${work.map(({ name }) => name).join(", ")}`, async () => {
    const ended = await runTogether(work, `console.error("@end");`);
    const { endedAfterMs, exitCode, stdout } = ended;
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(endedAfterMs("end")).toBeLessThan(ENDS_MS);
  });
});

ifWhole(describe)("a process that dies of an uncaught exception", () => {
  it.each([
    ["an exception", `setTimeout(() => { throw new Error("boom"); }, 1);`],
    ["a rejection", `void Promise.reject(new Error("boom"));`],
  ])("sends its captured events once: %s", async (_, script) => {
    const server = await new ShopServer().start();
    const { exitCode, stdout } = await startChild({
      // Makes timers ten times longer, including the two seconds of a dying process, because this test is about its
      // requests.
      script: `
        const { setTimeout: wait } = globalThis;
        globalThis.setTimeout = (run, ms, ...rest) => wait(run, 10 * ms, ...rest);
        const { PostHog } = await import("@sortition/posthog");
        const client = new PostHog("phc_key", { host: process.env.HOST, enableExceptionAutocapture: true });
        for (let i = 0; i < 250; i++) client.capture({ distinctId: "a", event: "e" + i });
        ${script}`,
      cwd: CWD,
      env: { HOST: server.url },
    }).ended;
    await server.close();
    expect([exitCode, stdout]).toEqual([1, ""]);
    const names = server.events.map(({ event }) => event);
    expect(names).toHaveLength(251);
    expect(names.filter((name) => name === "$exception")).toHaveLength(1);
    expect(new Set(server.events.map(({ uuid }) => uuid)).size).toBe(251);
  });
});
