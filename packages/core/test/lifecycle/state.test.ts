import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { staticSource } from "../../src/configuration/static-source.js";
import { NetworkError } from "../../src/errors/errors.js";
import { createClient } from "../eppo-client.js";
import { configurationOf, failureOf, messagesOf, STALE_MS, setUp } from "./set-up.js";

describe("the state", () => {
  it("is ready once the caller set a configuration", () => {
    const { client, events } = setUp();
    client.setConfiguration(configurationOf("a"));
    expect([client.status.state, client.status.source, ...events]).toEqual([
      "ready",
      "manual",
      "configuration-changed",
      "ready",
    ]);
  });

  it.each(["unauthorized", "rejected"] as const)("is error when it failed as %s", (kind) => {
    const { client, source, events } = setUp();
    source.sink.failed(failureOf(kind), { inMs: 300_000 });
    expect([client.status.state, ...events]).toEqual(["error", "error"]);
  });

  it("is error if Retry-After outlasts the wait for the first configuration", async () => {
    const set = setUp();
    set.source.sink.failed(failureOf("transient", 60_000), { inMs: 60_000 });
    expect(set.client.status.state).toBe("error");
    await set.clock.advance(5_000);
    expect(messagesOf(set, "error")).toEqual(["not ready"]);
    await set.source.offer("a");
    expect(set.client.status.state).toBe("ready");
  });

  it("stays initializing after a failure that is retried", () => {
    const { client, source } = setUp();
    source.sink.failed(failureOf("transient"), { inMs: 500 });
    expect(client.status.state).toBe("initializing");
  });

  it("is error when the wait for the first configuration ends", async () => {
    const { client, clock, events } = setUp();
    await clock.advance(4_999);
    const before = client.status.state;
    await clock.advance(1);
    expect([before, client.status.state, ...events]).toEqual(["initializing", "error", "error"]);
  });

  it("is ready after an error", async () => {
    const { client, clock, source, events } = setUp();
    await clock.advance(5_000);
    await source.offer("a");
    expect([client.status.state, ...events]).toEqual([
      "ready",
      "error",
      "configuration-changed",
      "ready",
    ]);
  });

  it("is ready again after equal bytes, without configuration-changed", async () => {
    const { client, clock, source, events } = setUp();
    await source.offer("a");
    await clock.advance(STALE_MS);
    expect(await source.offer("a")).toEqual({ outcome: "unchanged" });
    expect([client.status.ageMs, ...events.slice(2)]).toEqual([0, "stale", "fresh"]);
  });

  it("is closed at once, and emits closed when close has settled", async () => {
    const { client, events } = setUp();
    const closed = client.close();
    expect([client.status.state, ...events]).toEqual(["closed"]);
    await closed;
    expect(events).toEqual(["closed"]);
  });

  it.each([
    { options: { staleAfterMs: null }, because: "it is off" },
    { options: { intervalMs: null }, because: "nothing refreshes by itself" },
  ])("is never stale, because $because", async ({ options }) => {
    const { client, clock } = setUp(options);
    client.setConfiguration(configurationOf("a"));
    await clock.advance(1e9);
    expect(client.status.state).toBe("ready");
  });

  it("is stale after an explicit staleAfterMs even if the source never refreshes by itself", async () => {
    const { client, clock, source, events } = setUp({ intervalMs: null, staleAfterMs: 5_000 });
    await source.offer("a");
    await clock.advance(4_999);
    const before = client.status.state;
    await clock.advance(1);
    expect([before, client.status.state, ...events.slice(2)]).toEqual(["ready", "stale", "stale"]);
    source.sink.confirmed();
    expect([client.status.state, ...events.slice(3)]).toEqual(["ready", "fresh"]);
  });

  it("ages with the wall clock, because the other clock stands still in a frozen function", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    clock.jump(86_400_000);
    expect([client.status.state, client.status.ageMs]).toEqual(["stale", 86_400_000]);
    await source.offer("b");
    expect([client.status.state, client.status.ageMs]).toEqual(["ready", 0]);
  });

  it("does not change when the wall clock is set back", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    clock.jump(-86_400_000);
    expect([client.status.state, client.status.ageMs]).toEqual(["ready", 0]);
  });

  it("is not stale if the timer fires early", async () => {
    let fire = (): void => {};
    const early = createFakeClock();
    const { client, source, events } = setUp({
      clock: {
        monotonicMs: () => early.monotonicMs(),
        setTimer: (callback) => {
          fire = callback;
          return () => {};
        },
      },
    });
    await source.offer("a");
    fire();
    expect([client.status.state, ...events]).toEqual(["ready", "configuration-changed", "ready"]);
  });
});

describe("the status", () => {
  it("is a frozen snapshot", async () => {
    const { client, source } = setUp();
    const before = client.status;
    await source.offer("a");
    expect([Object.isFrozen(before), before.state]).toEqual([true, "initializing"]);
  });

  it("describes the configuration", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    await clock.advance(10);
    expect(client.status).toEqual({
      state: "ready",
      source: "network",
      revision: client.getConfiguration()!.revision,
      ageMs: 10,
      publishedAt: null,
      environment: null,
      dialect: "eppo",
      issues: { found: 0, complete: true },
      lastError: null,
      lastSuccessAt: new Date(clock.now() - 10).toISOString(),
      consecutiveFailures: 0,
      nextAttemptInMs: null,
      disk: "off",
      stream: null,
      counters: {
        exposures: expect.anything(),
        evaluations: {
          ...{ unknownFlag: 0, typeMismatch: 0, invalidSubject: 0, failed: 0 },
          ignoredOverride: 0,
        },
      },
    });
  });

  it("has the current state of the source's stream", () => {
    const stream = { isUp: true, opened: 1, lost: 0, events: 2, bytes: 300 };
    const source = { ...staticSource(configurationOf("a")), kind: "streaming", stream };
    const client = createClient({ source });
    const before = client.status.stream;
    stream.events += 1;
    expect([Object.isFrozen(before), before]).toEqual([true, { ...stream, events: 2 }]);
    expect(client.status.stream?.events).toBe(3);
  });
});

describe("an error", () => {
  it("is emitted once per cause until a success", async () => {
    const { source, events } = setUp();
    await source.offer("a");
    for (const _ of [1, 2, 3]) source.sink.failed(failureOf("transient"), { inMs: 1 });
    source.sink.confirmed();
    source.sink.failed(failureOf("transient"), { inMs: 1 });
    expect(events.slice(2)).toEqual(["error", "error"]);
  });

  it("of another cause is also emitted", async () => {
    const { source, events } = setUp();
    await source.offer("a");
    const error = new NetworkError("refused", null);
    source.sink.failed(failureOf("transient"), { inMs: 1 });
    source.sink.failed({ kind: "transient", error, retryAfterMs: null }, { inMs: 1 });
    expect(events.slice(2)).toEqual(["error", "error"]);
  });

  it("is in the status until a success", async () => {
    const { client, clock, source } = setUp();
    source.sink.failed(failureOf("transient"), { inMs: 500 });
    expect(client.status).toMatchObject({
      lastError: {
        code: "SORTITION_HTTP_STATUS",
        httpStatus: 500,
        message: "the server answered with status 500",
        at: new Date(clock.now()).toISOString(),
      },
      consecutiveFailures: 1,
      nextAttemptInMs: 500,
    });
    await source.offer("a");
    expect(client.status).toMatchObject({ lastError: null, consecutiveFailures: 0 });
  });

  it("that ends is reported with the length of the outage", async () => {
    const set = setUp();
    set.source.sink.failed(failureOf("transient"), { inMs: 500 });
    await set.clock.advance(700);
    set.source.sink.failed(failureOf("transient"), { inMs: 500 });
    await set.clock.advance(300);
    await set.source.offer("a");
    const recovered = set.reports.find(({ message }) => message === "refresh recovered");
    expect(recovered).toMatchObject({ level: "warn", facts: { failures: 2, outageMs: 1_000 } });
  });

  it("that is one of many in ten minutes is reported neither at its beginning nor at its end", async () => {
    const set = setUp();
    for (let outage = 0; outage < 3; outage++) {
      set.source.sink.failed(failureOf("transient"), { inMs: 500 });
      await set.clock.advance(1_000);
      await set.source.offer(`${outage}`);
    }
    expect(messagesOf(set, "warn")).toEqual(["refresh failed", "refresh recovered"]);
  });

  it("has its next attempt in whole milliseconds", async () => {
    const { client, clock, source } = setUp();
    const errors: unknown[] = [];
    client.on("error", (error) => void errors.push(error));
    source.sink.failed(failureOf("transient"), { inMs: 500.25 });
    await clock.advance(100);
    expect(client.status.nextAttemptInMs).toBe(401);
    expect(errors).toMatchObject([{ nextAttemptInMs: 501 }]);
  });

  it.each([
    { kind: "transient" as const, level: "warn", message: "refresh failed" },
    { kind: "rejected" as const, level: "error", message: "refresh failed" },
    { kind: "unauthorized" as const, level: "error", message: "key rejected" },
  ])("that is $kind is reported as $message", ({ kind, level, message }) => {
    const set = setUp();
    set.source.sink.failed(failureOf(kind), { inMs: 500 });
    expect(messagesOf(set, level)).toEqual([message]);
  });

  it.each(["unauthorized", "rejected"] as const)(
    "that is %s is reported once, later ones are only counted",
    async (kind) => {
      const set = setUp();
      set.source.sink.failed(failureOf(kind), { inMs: 300_000 });
      await set.clock.advance(3_600_000);
      set.source.sink.failed(failureOf(kind), { inMs: 300_000 });
      expect(messagesOf(set, "error")).toHaveLength(1);
      expect(set.client.status.consecutiveFailures).toBe(2);
    },
  );

  it.each([
    {
      lateHint: "no configuration from https://flags.example",
      says: "no configuration from https",
    },
    { lateHint: undefined, says: "is the address of the server right?" },
  ])("at the end of the wait without a response names the server: $lateHint", async (row) => {
    const set = setUp();
    Object.assign(set.source, { lateHint: row.lateHint });
    await set.clock.advance(5_000);
    expect(set.reports.at(-1)).toMatchObject({
      message: "not ready",
      facts: { code: "SORTITION_TIMEOUT", reason: expect.stringContaining(row.says) },
    });
  });

  it("at the end of the wait is the last failure", async () => {
    const set = setUp();
    set.source.sink.failed(failureOf("transient"), { inMs: 10_000 });
    await set.clock.advance(5_000);
    expect(set.reports.at(-1)).toEqual({
      level: "error",
      message: "not ready",
      facts: {
        code: "SORTITION_HTTP_STATUS",
        reason: "the server answered with status 500",
        httpStatus: 500,
      },
    });
  });
});
