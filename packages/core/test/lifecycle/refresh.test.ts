import { describe, expect, it } from "vitest";
import { ClosedError, NetworkError } from "../../src/errors/errors.js";
import { configurationOf, INTERVAL_MS, messagesOf, ScriptedSource, setUp } from "./set-up.js";

describe("refresh", () => {
  it.each([
    { found: { outcome: "updated" as const }, result: { outcome: "updated" } },
    { found: { outcome: "unchanged" as const }, result: { outcome: "unchanged" } },
  ])("returns the outcome of the source: $result.outcome", async ({ found, result }) => {
    const { client, source } = setUp();
    source.refreshing = async () => found;
    expect(await client.refresh()).toEqual({ ...result, elapsedMs: 0 });
  });

  it("returns the error of a failed attempt", async () => {
    const { client, source } = setUp();
    const error = new NetworkError("refused", null);
    source.refreshing = async () => ({ outcome: "failed", error });
    expect(await client.refresh()).toEqual({ outcome: "failed", error, elapsedMs: 0 });
  });

  it.each([
    {
      because: "throws",
      refreshing: () => {
        throw new Error("no disk");
      },
    },
    { because: "rejects", refreshing: () => Promise.reject(new Error("no disk")) },
  ])("fails and does not reject if the source $because", async ({ refreshing }) => {
    const { client, source } = setUp();
    source.refreshing = refreshing;
    const { outcome, error } = await client.refresh();
    expect([outcome, error?.message]).toEqual(["failed", "$: cannot be loaded: no disk"]);
  });

  it("ends at its deadline, and aborts", async () => {
    const { client, clock, source } = setUp();
    let aborted = { aborted: false };
    source.refreshing = (signal) => {
      aborted = signal;
      return new Promise(() => {});
    };
    const refreshing = client.refresh({ timeoutMs: 100 });
    await clock.advance(100);
    expect(await refreshing).toMatchObject({
      outcome: "timeout",
      error: { code: "SORTITION_TIMEOUT" },
      elapsedMs: 100,
    });
    expect(aborted.aborted).toBe(true);
  });

  it("times out at its deadline, even if the source gives up when it is aborted", async () => {
    const { client, clock, source } = setUp();
    source.refreshing = (signal) =>
      new Promise((resolve) => {
        const failed = { outcome: "failed", error: new ClosedError() } as const;
        // The full signal of a source's contract. This set-up declares only one of its members.
        (signal as AbortSignal).addEventListener("abort", () => resolve(failed));
      });
    const refreshing = client.refresh({ timeoutMs: 100 });
    await clock.advance(100);
    expect(await refreshing).toMatchObject({
      outcome: "timeout",
      error: { code: "SORTITION_TIMEOUT" },
    });
  });

  it.each([
    { source: new ScriptedSource(INTERVAL_MS, 700), timeoutMs: 700 },
    { source: new ScriptedSource(), timeoutMs: 5_000 },
  ])("waits for the request timeout of the source: $timeoutMs ms", async (row) => {
    const { client, clock } = setUp({ source: row.source });
    row.source.refreshing = () => new Promise(() => {});
    const refreshing = client.refresh();
    await clock.advance(row.timeoutMs);
    expect(await refreshing).toMatchObject({ outcome: "timeout", elapsedMs: row.timeoutMs });
    row.source.sink.confirmed();
    client.setConfiguration(configurationOf("a"));
    await clock.advance(3 * INTERVAL_MS + row.timeoutMs - 1);
    const before = client.status.state;
    await clock.advance(1);
    expect([before, client.status.state]).toEqual(["ready", "stale"]);
  });

  it("ends when the client is closed", async () => {
    const { client, source } = setUp();
    source.refreshing = () => new Promise(() => {});
    const refreshing = client.refresh();
    void client.close();
    expect(await refreshing).toMatchObject({ outcome: "closed" });
  });

  it("does nothing after close, which is reported", async () => {
    const set = setUp();
    await set.client.close();
    expect(await set.client.refresh()).toMatchObject({ outcome: "closed" });
    expect(messagesOf(set, "warn")).toEqual(["call after close"]);
  });

  it("is unchanged without a source", async () => {
    const { client } = setUp({ source: undefined });
    expect(await client.refresh()).toEqual({ outcome: "unchanged", elapsedMs: 0 });
  });

  it("leaves no timer, even if the source rejects", async () => {
    const { client, clock, source } = setUp();
    source.refreshing = () => Promise.reject(new Error("bug"));
    const before = clock.pending.length;
    await client.refresh().catch(() => {});
    expect(clock.pending.length).toBe(before);
  });
});
