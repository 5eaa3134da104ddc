import { describe, expect, it } from "vitest";
import { configurationOf, failureOf, setUp } from "./set-up.js";

describe("waitForInitialization", () => {
  it("is ready at once with an initial configuration", async () => {
    const { client } = setUp({ initialConfiguration: configurationOf("a") });
    expect(await client.waitForInitialization()).toEqual({
      ready: true,
      state: "ready",
      source: "initial",
      revision: client.status.revision,
      elapsedMs: 0,
    });
  });

  it.each(["unauthorized", "rejected"] as const)("ends early when it is %s", async (kind) => {
    const { client, source } = setUp();
    const waiting = client.waitForInitialization();
    const failure = failureOf(kind);
    source.sink.failed(failure, { inMs: 300_000 });
    expect(await waiting).toEqual({
      ready: false,
      reason: kind,
      error: failure.error,
      elapsedMs: 0,
    });
  });

  it("ends early if Retry-After exceeds the deadline", async () => {
    const { client, source } = setUp();
    const waiting = client.waitForInitialization();
    source.sink.failed(failureOf("transient", 60_000), { inMs: 60_000 });
    expect(await waiting).toMatchObject({ ready: false, reason: "rate-limited" });
  });

  it("continues if Retry-After ends before the deadline", async () => {
    const { client, clock, source } = setUp();
    const waiting = client.waitForInitialization();
    source.sink.failed(failureOf("transient", 1_000), { inMs: 1_000 });
    await clock.advance(1_000);
    await source.offer("a");
    expect(await waiting).toMatchObject({ ready: true });
  });

  it("ends at its deadline with the last failure", async () => {
    const { client, clock, source } = setUp();
    const waiting = client.waitForInitialization({ timeoutMs: 200 });
    source.sink.failed(failureOf("transient"), { inMs: 500 });
    await clock.advance(200);
    expect(await waiting).toMatchObject({
      ready: false,
      reason: "timeout",
      error: { code: "SORTITION_HTTP_STATUS" },
      elapsedMs: 200,
    });
  });

  it("ends at its deadline with a time-out if nothing failed", async () => {
    const { client, clock } = setUp();
    const waiting = client.waitForInitialization();
    await clock.advance(5_000);
    expect(await waiting).toMatchObject({
      reason: "timeout",
      error: { code: "SORTITION_TIMEOUT", phase: "ready", timeoutMs: 5_000 },
    });
  });

  it("does not wait with a time-out of 0", async () => {
    const { client, clock } = setUp();
    const result = await client.waitForInitialization({ timeoutMs: 0 });
    expect(result).toMatchObject({ ready: false, reason: "timeout" });
    expect(clock.pending.filter((it) => it.holdsProcess)).toEqual([]);
  });

  it.each([
    { options: { source: undefined }, because: "there is no source" },
    { options: { intervalMs: null }, because: "the source fetches only on request" },
  ])("ends at once, because $because", async ({ options }) => {
    const { client } = setUp(options);
    expect(await client.waitForInitialization()).toEqual({
      ready: false,
      reason: "no-source",
      error: null,
      elapsedMs: 0,
    });
  });

  it("ends when the caller sets a configuration", async () => {
    const { client } = setUp();
    const waiting = client.waitForInitialization();
    client.setConfiguration(configurationOf("a"));
    expect(await waiting).toMatchObject({ ready: true, source: "manual" });
  });

  it("ends when its signal is aborted", async () => {
    const { client, clock } = setUp();
    const controller = new AbortController();
    const waiting = client.waitForInitialization({ signal: controller.signal });
    controller.abort();
    expect(await waiting).toMatchObject({ ready: false, reason: "aborted", error: null });
    expect(clock.pending.filter((it) => it.holdsProcess)).toEqual([]);
  });

  it("ends at once if its signal is already aborted", async () => {
    const { client } = setUp();
    const waiting = client.waitForInitialization({ signal: AbortSignal.abort() });
    expect(await waiting).toMatchObject({ reason: "aborted" });
  });

  it.each(["before", "after"])("ends when the client is closed, %s it began", async (when) => {
    const { client } = setUp();
    if (when === "before") void client.close();
    const waiting = client.waitForInitialization();
    void client.close();
    expect(await waiting).toMatchObject({
      ready: false,
      reason: "closed",
      error: { code: "SORTITION_CLOSED" },
    });
  });

  it("keeps the process alive only while it waits", async () => {
    const { client, clock, source } = setUp();
    const waiting = client.waitForInitialization();
    const during = clock.pending.filter((it) => it.holdsProcess).length;
    await source.offer("a");
    await waiting;
    expect([during, clock.pending.filter((it) => it.holdsProcess).length]).toEqual([1, 0]);
  });

  it("has its own deadline in each call", async () => {
    const { client, clock, source } = setUp();
    const short = client.waitForInitialization({ timeoutMs: 100 });
    const long = client.waitForInitialization({ timeoutMs: 200 });
    await clock.advance(100);
    await source.offer("a");
    expect([(await short).ready, (await long).ready]).toEqual([false, true]);
  });
});
