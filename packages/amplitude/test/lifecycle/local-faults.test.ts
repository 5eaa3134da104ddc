import { gzipSync } from "node:zlib";
import type { AssignmentEvent } from "@sortition/core";
import { pollingSource } from "@sortition/node/internal";
import {
  createFakeClock,
  type FakeClock,
  type Reply,
  startTestServer,
  type TestServer,
  watchBusyMachine,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  Experiment,
  InMemoryFlagConfigCache,
  LocalEvaluationClient,
  type LocalEvaluationConfig,
} from "../../src/index.js";
import { amplitudeOrigin } from "../../src/source.js";
import { flagOf } from "../client/local/flags.js";
import { CohortServer, cohortFlag } from "../source/cohort-server.js";
import { API_KEY, errorOf, failingLogger, keepingLogger } from "./faults.js";

const INTERVAL_MS = 1_000;
const GOOD: Reply = { kind: "answer", body: JSON.stringify([flagOf("good")]) };
const BETTER: Reply = { kind: "answer", body: JSON.stringify([flagOf("better")]) };
const USER = { user_id: "alice" };

describe("a local client", () => {
  let server: TestServer;
  let clock: FakeClock;
  let log: ReturnType<typeof keepingLogger>;
  const clients: LocalEvaluationClient[] = [];

  const create = (config: LocalEvaluationConfig = {}): LocalEvaluationClient => {
    const client = new LocalEvaluationClient(API_KEY, {
      ...(config.source === undefined ? { serverUrl: server.url } : {}),
      ...{ loggerProvider: log.loggerProvider, logLevel: 5 },
      ...{ flagConfigPollingIntervalMillis: INTERVAL_MS },
      ...config,
    });
    clients.push(client);
    return client;
  };
  const keys = (client: LocalEvaluationClient): readonly string[] =>
    Object.keys(client.evaluateV2(USER));
  /** Starts a client with the flag `good`, on a clock that only the test advances. */
  const started = async (config: LocalEvaluationConfig = {}): Promise<LocalEvaluationClient> => {
    server.respond(GOOD);
    const client = create({ clock, ...config });
    await client.start();
    expect(keys(client)).toEqual(["good"]);
    return client;
  };
  /** Lets the client poll once, and waits until it has read the response. */
  const poll = async (): Promise<void> => {
    const { length } = server.requests;
    await clock.advance(INTERVAL_MS);
    await server.request(length + 1);
    const isWaiting = (): boolean => clock.pending.some(({ inMs }) => inMs === INTERVAL_MS);
    await expect.poll(isWaiting).toBe(true);
  };

  beforeEach(async () => {
    server = await startTestServer(GOOD);
    clock = createFakeClock();
    log = keepingLogger();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.stop();
    await server.close();
  });

  it("lifecycle §7 fault 1: rejects a start while the server responds with 500, and loads flags later", async () => {
    server.respond({ kind: "answer", status: 500 });
    const client = create({ flagConfigPollingIntervalMillis: 50 });
    expect(await errorOf(client.start())).toMatchObject({
      code: "SORTITION_HTTP_STATUS",
      httpStatus: 500,
    });
    server.respond(GOOD);
    await expect.poll(() => keys(client)).toEqual(["good"]);
  });

  it.each([
    { name: "hangs before the headers", reply: { kind: "hang" } },
    { name: "sends its body a byte at a time", reply: { kind: "drip", everyMs: 20 } },
  ] as const)("lifecycle §7 fault 2: ends a request that $name", async ({ reply }) => {
    server.respond(reply);
    const client = create({ flagConfigPollerRequestTimeoutMillis: 200 });
    const startedAtMs = performance.now();
    expect(await errorOf(client.start())).toMatchObject({ code: "SORTITION_TIMEOUT" });
    // There are five attempts.
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(990);
    expect(server.requests).toHaveLength(5);
    client.stop();
    for (const { connectionClosed } of server.requests) await connectionClosed;
  });

  it.each([
    { name: "a body that is cut", reply: { kind: "cut", body: "[{}]", framing: "content-length" } },
    {
      name: "a chunked body that is cut",
      reply: { kind: "cut", body: "[{}]", framing: "chunked" },
    },
    { name: "a reset", reply: { kind: "reset" } },
  ] as const)("lifecycle §7 fault 3: keeps its flags after $name", async ({ reply }) => {
    const client = await started();
    server.respond(reply);
    await poll();
    expect(keys(client)).toEqual(["good"]);
    server.respond(BETTER);
    await poll();
    expect(keys(client)).toEqual(["better"]);
  });

  it.each([
    { name: "a refused connection", serverUrl: "http://127.0.0.1:1" },
    { name: "an unknown name", serverUrl: "http://nobody.invalid" },
  ])("lifecycle §7 fault 3: rejects a start because of $name", async ({ serverUrl }) => {
    const error = await errorOf(create({ serverUrl }).start());
    expect(error).toMatchObject({ code: "SORTITION_NETWORK" });
  });

  it.each(["<html>", "{}", '{"flags":[]}', "[", "null"])(
    "lifecycle §7 fault 4: keeps its flags and the previous etag after the body %s",
    async (body) => {
      server.respond({ ...GOOD, headers: { etag: '"1"' } });
      const client = create({ clock });
      await client.start();
      server.respond({ kind: "answer", body, headers: { etag: '"2"' } });
      await poll();
      expect(keys(client)).toEqual(["good"]);
      server.respond({ ...BETTER, headers: { etag: '"2"' } });
      await poll();
      expect(server.requests.at(-1)?.headers["if-none-match"]).toBe('"1"');
      await expect.poll(() => keys(client)).toEqual(["better"]);
    },
  );

  it("lifecycle §7 fault 5: loses only the malformed one of 22 flags", async () => {
    const flags = Array.from({ length: 22 }, (_, i) => flagOf(`f${i}`));
    server.respond({ kind: "answer", body: JSON.stringify([...flags.slice(1), { key: "f0" }]) });
    const client = create();
    await client.start();
    expect([...keys(client)].sort()).toEqual(
      flags
        .map(({ key }) => key)
        .slice(1)
        .sort(),
    );
  });

  it("lifecycle §7 fault 6: requests again after a 304 to a request without an etag", async () => {
    let count = 0;
    server.respond(() => (count++ === 0 ? { kind: "answer", status: 304 } : GOOD));
    const client = create();
    await client.start();
    expect(keys(client)).toEqual(["good"]);
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    { name: "a body", headers: {}, body: Buffer.alloc(100_000, "a") },
    {
      name: "a compressed body",
      headers: { "content-encoding": "gzip" },
      body: gzipSync(Buffer.alloc(1_000_000)),
    },
  ])("lifecycle §7 fault 7: refuses $name above its limit", async ({ body, headers }) => {
    server.respond({ kind: "answer", body, headers });
    const origin = amplitudeOrigin({
      ...{ deploymentKey: API_KEY, serverUrl: server.url, maxBodyBytes: 50_000 },
    });
    const result = await origin.fetchOnce(null, { signal: new AbortController().signal });
    origin.release?.();
    expect(result).toMatchObject({
      kind: "failed",
      failure: { error: { code: "SORTITION_BODY_TOO_LARGE" } },
    });
  });

  it("lifecycle §7 fault 8: follows a redirect only to the same host", async () => {
    await using other = await startTestServer(GOOD);
    server.respond(({ path }) =>
      path === "/moved" ? GOOD : { kind: "answer", status: 302, headers: { location: "/moved" } },
    );
    const client = create();
    await client.start();
    expect(keys(client)).toEqual(["good"]);
    server.respond({ kind: "answer", status: 302, headers: { location: other.url } });
    const error = await errorOf(create().start());
    expect(String(error["message"])).not.toContain(API_KEY);
    expect(other.requests).toHaveLength(0);
  });

  it("lifecycle §7 fault 9: rejects a start that is refused, and loads flags later", async () => {
    server.respond({ kind: "answer", status: 401 });
    const client = create({ flagConfigPollingIntervalMillis: 50 });
    expect(await errorOf(client.start())).toMatchObject({ code: "SORTITION_UNAUTHORIZED" });
    server.respond(GOOD);
    await expect.poll(() => keys(client)).toEqual(["good"]);
  });

  it("lifecycle §7 fault 10: keeps serving its flags while it is refused, and recovers", async () => {
    const client = await started();
    server.respond({ kind: "answer", status: 401 });
    for (let i = 0; i < 5; i++) await poll();
    expect(keys(client)).toEqual(["good"]);
    server.respond(BETTER);
    await poll();
    await expect.poll(() => keys(client)).toEqual(["better"]);
  });

  it("lifecycle §7 fault 11: polls at its interval during an outage, and recovers", async () => {
    const client = await started();
    server.respond({ kind: "answer", status: 500 });
    const before = server.requests.length;
    for (let i = 0; i < 10; i++) await poll();
    expect(server.requests.length - before).toBe(10);
    server.respond(BETTER);
    await poll();
    await expect.poll(() => keys(client)).toEqual(["better"]);
  });

  it.each([429, 503])(
    "lifecycle §7 fault 12: polls at its interval after %s with Retry-After, like the vendor's client",
    async (status) => {
      const client = await started();
      server.respond({ kind: "answer", status, headers: { "retry-after": "120" } });
      await poll();
      server.respond(BETTER);
      await poll();
      await expect.poll(() => keys(client)).toEqual(["better"]);
    },
  );

  it("lifecycle §7 fault 13: does not poll earlier or later when the wall clock jumps", async () => {
    await started();
    clock.jump(86_400_000);
    await clock.advance(INTERVAL_MS - 100);
    expect(server.requests).toHaveLength(1);
    clock.jump(-2 * 86_400_000);
    await clock.advance(100);
    await server.request(2);
  });

  it("lifecycle §7 fault 15: never sends two requests at a time", async () => {
    await started();
    server.respond({ kind: "hang" });
    await clock.advance(INTERVAL_MS);
    await server.request(2);
    await clock.advance(3 * INTERVAL_MS);
    expect(server.requests).toHaveLength(2);
  });

  it("lifecycle §7 fault 16: keeps compiled flags when it receives equal bytes", async () => {
    const client = await started();
    const [first] = [client.evaluateV2(USER)];
    for (let i = 0; i < 10; i++) await poll();
    expect(client.evaluateV2(USER)).toEqual(first);
    expect(log.lines.filter((line) => !line.startsWith("debug"))).toEqual([]);
  });

  it("lifecycle §7 fault 18: evaluates its bootstrap while the server hangs", async () => {
    server.respond({ kind: "hang" });
    const client = create({ bootstrap: { good: flagOf("good") }, startTimeoutMillis: 100 });
    const starting = errorOf(client.start());
    expect(keys(client)).toEqual(["good"]);
    expect(await starting).toMatchObject({ code: "SORTITION_TIMEOUT" });
    expect(keys(client)).toEqual(["good"]);
  });

  it("lifecycle §7 fault 19: starts from its store when the server fails, and serves the server's flags later", async () => {
    server.respond({ kind: "answer", status: 500 });
    const store = new InMemoryFlagConfigCache(undefined, { good: flagOf("good") });
    const config = { serverUrl: server.url, flagConfigPollingIntervalMillis: 50, logLevel: 0 };
    const client = new LocalEvaluationClient(API_KEY, config, store);
    clients.push(client);
    await client.start();
    expect(keys(client)).toEqual(["good"]);
    server.respond(BETTER);
    await expect.poll(() => keys(client)).toEqual(["better"]);
  });

  it.each([
    {
      name: "throws",
      log: () => {
        throw new Error("no");
      },
    },
    { name: "rejects", log: () => Promise.reject(new Error("no")) },
  ])("lifecycle §7 fault 23: returns variants when the exposure logger $name", async ({ log }) => {
    const client = await started({ exposureLogger: { logAssignment: log } });
    for (let i = 0; i < 2; i++) {
      expect(client.evaluateV2(USER, undefined, { tracksExposure: true })).toHaveProperty("good");
    }
    await client.stop({ timeoutMs: 1_000 });
  });

  it("lifecycle §7 fault 24: stops at its deadline while an exposure logger never settles", async () => {
    const client = create({ exposureLogger: { logAssignment: () => new Promise(() => {}) } });
    await client.start();
    client.evaluateV2(USER, undefined, { tracksExposure: true });
    using busy = watchBusyMachine();
    const startedAtMs = performance.now();
    await client.stop({ timeoutMs: 200 });
    expect(performance.now() - startedAtMs).toBeLessThan(busy.boundMs(1_000));
  });

  it("lifecycle §7 fault 25: delivers events that wait for a slow exposure logger on stop", async () => {
    const events: AssignmentEvent[] = [];
    const logAssignment = async (event: AssignmentEvent): Promise<void> => {
      await new Promise((resolve) => void setTimeout(resolve, 10));
      events.push(event);
    };
    const client = create({ exposureLogger: { logAssignment } });
    await client.start();
    for (let i = 0; i < 100; i++) {
      client.evaluateV2({ user_id: `user-${i}` }, undefined, { tracksExposure: true });
    }
    await client.stop({ timeoutMs: 5_000 });
    expect(events.map(({ subject }) => subject)).toEqual(
      Array.from({ length: 100 }, (_, i) => `user-${i}`),
    );
  });

  it("lifecycle §7 fault 29: evaluates each call with a single revision while flags are replaced", async () => {
    const version = (n: number): Reply => ({
      kind: "answer",
      body: JSON.stringify(["a", "b"].map((key) => flagOf(key, `v${n}`))),
    });
    server.respond(version(0));
    const client = create({ clock });
    await client.start();
    for (let n = 1; n <= 5; n++) {
      server.respond(version(n));
      await poll();
      const { a, b } = client.evaluateV2(USER);
      expect(a?.key).toBe(b?.key);
    }
  });

  it("lifecycle §7 fault 31: can be stopped twice and started again", async () => {
    const client = create();
    await client.start();
    await Promise.all([client.stop({ timeoutMs: 100 }), client.stop({ timeoutMs: 100 })]);
    client.stop();
    server.respond(BETTER);
    await client.start();
    expect(keys(client)).toEqual(["better"]);
  });

  it("lifecycle §7 fault 33: is the instance of its key while its server hangs, whatever options a second call has", async () => {
    await using hanging = await startTestServer({ kind: "hang" });
    const logLevel = 0;
    const name = `fault-33-${Math.random()}`;
    const config = { serverUrl: hanging.url, logLevel, flagConfigPollingIntervalMillis: 20 };
    const first = Experiment.initializeLocal(name, config);
    clients.push(first);
    const starting = errorOf(first.start());
    const second = Experiment.initializeLocal(name, { serverUrl: server.url, logLevel });
    expect(second).toBe(first);
    await Promise.race([second.start(), hanging.request(1)]);
    await new Promise((resolve) => void setTimeout(resolve, 100));
    expect([hanging.requests.length, server.requests.length]).toEqual([1, 0]);
    first.stop();
    expect(await starting).toEqual({});
  });

  it("lifecycle §7 fault 35: keeps serving when its log throws", async () => {
    const client = create({ loggerProvider: failingLogger(), flagConfigPollingIntervalMillis: 20 });
    await client.start();
    server.respond({ kind: "reset" });
    await server.request(3);
    server.respond(BETTER);
    await expect.poll(() => keys(client)).toEqual(["better"]);
  });

  it("lifecycle §7 fault 36: never shows a key in its messages and errors", async () => {
    const errors: unknown[] = [];
    for (const reply of [
      { kind: "reset" },
      { kind: "answer", status: 401 },
      { kind: "answer" },
    ] as const) {
      server.respond(reply);
      const sync = { apiKey: API_KEY, secretKey: API_KEY, cohortServerUrl: server.url };
      errors.push(await errorOf(create({ cohortSyncConfig: sync }).start()));
    }
    const texts = errors.map((error) => `${(error as Error).stack} ${JSON.stringify(error)}`);
    expect([...log.lines, ...texts].join("\n")).not.toContain(API_KEY);
    expect(errors).toHaveLength(3);
  });

  it("lifecycle §7 fault 37: keeps polling through 100 polls, half of which time out", async () => {
    const client = await started({ flagConfigPollerRequestTimeoutMillis: 500 });
    for (let i = 0; i < 50; i++) {
      server.respond({ kind: "hang" });
      const { length } = server.requests;
      await clock.advance(INTERVAL_MS);
      await server.request(length + 1);
      await clock.advance(500);
      server.respond(i === 49 ? BETTER : GOOD);
      await poll();
      // Only the timer of the next poll is pending.
      expect(clock.pending).toHaveLength(1);
    }
    await expect.poll(() => keys(client)).toEqual(["better"]);
    expect(server.requests).toHaveLength(101);
  });

  it("lifecycle §7 fault 38: shares a source with another client, which stops first", async () => {
    const origin = amplitudeOrigin({ deploymentKey: API_KEY, serverUrl: server.url });
    const source = pollingSource(origin, { pollIntervalMs: 100, pollJitterMs: 0 });
    const [one, other] = [create({ source }), create({ source })];
    await Promise.all([one.start(), other.start()]);
    expect([keys(one), keys(other)]).toEqual([["good"], ["good"]]);
    await one.stop({ timeoutMs: 100 });
    server.respond(BETTER);
    await expect.poll(() => keys(other)).toEqual(["better"]);
    expect(server.peakConcurrency).toBe(1);
    await other.stop({ timeoutMs: 100 });
    const { length } = server.requests;
    await new Promise((resolve) => void setTimeout(resolve, 300));
    expect(server.requests.length - length).toBeLessThanOrEqual(1);
  });
});

describe("an origin with four cohorts", () => {
  it("lifecycle §7 fault 41: applies two, warns of two that fail with 500, and requests them again", async () => {
    const cohorts = await CohortServer.start();
    const ids = ["c1", "c2", "c3", "c4"];
    cohorts.flags = [cohortFlag("flag", ...ids)];
    for (const id of ids) cohorts.cohorts.set(id, { lastModified: 1, memberIds: [`in ${id}`] });
    for (const id of ["c2", "c3"]) cohorts.replies.set(id, () => ({ kind: "answer", status: 500 }));
    const origin = amplitudeOrigin({
      ...{ deploymentKey: "key", serverUrl: cohorts.url },
      cohortSync: { apiKey: "a", secretKey: "s", cohortServerUrl: cohorts.url },
    });
    const { signal } = new AbortController();
    const first = await origin.fetchOnce(null, { signal });
    if (first.kind !== "payloads") throw new Error(first.kind);
    expect(first.payloads.map(({ part }) => part)).toEqual(["flags", "cohort:c1", "cohort:c4"]);
    expect(first.warnings?.map(({ part }) => part).sort()).toEqual(["cohort:c2", "cohort:c3"]);
    cohorts.replies.clear();
    const from = cohorts.downloads.length;
    const second = await origin.fetchOnce(first.payloads, { signal });
    expect([...cohorts.downloads.slice(from)].sort()).toEqual(["c2", "c3"]);
    expect(second.kind === "payloads" && second.payloads).toHaveLength(5);
    origin.release?.();
    await cohorts.close();
  });
});
