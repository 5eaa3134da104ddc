import { gzipSync } from "node:zlib";
import type { AssignmentEvent } from "@sortition/core";
import { pollingSource } from "@sortition/node/internal";
import {
  createFakeClock,
  type FakeClock,
  type Reply,
  startTestServer,
  type TestServer,
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

  it("lifecycle §7 fault 13: does not poll earlier or later when the wall clock jumps", async () => {
    await started();
    clock.jump(86_400_000);
    await clock.advance(INTERVAL_MS - 100);
    expect(server.requests).toHaveLength(1);
    clock.jump(-2 * 86_400_000);
    await clock.advance(100);
    await server.request(2);
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
