import { describe, expect, it } from "vitest";
import { Configuration } from "../eppo-client.js";
import { dialect, setUp } from "./set-up.js";

describe("flush", () => {
  const flag = {
    key: "f",
    enabled: true,
    variationType: "STRING",
    variations: { on: { key: "on", value: "yes" } },
    allocations: [{ key: "all", splits: [{ shards: [], variationKey: "on" }], doLog: true }],
  };
  const initialConfiguration = Configuration.from({
    dialect,
    payloads: { flags: JSON.stringify({ flags: { f: flag } }) },
  });

  it("waits for events in flight, then flushes the logger", async () => {
    const calls: string[] = [];
    let deliver = (): void => {};
    const { client } = setUp({
      initialConfiguration,
      assignmentLogger: {
        name: "mine",
        logAssignment: () =>
          new Promise<void>((resolve) => {
            deliver = () => {
              calls.push("delivered");
              resolve();
            };
          }),
        flush: ({ timeoutMs }) => calls.push(`flush ${timeoutMs}`),
      },
    });
    client.getStringAssignment("f", "alice", {}, "");
    const flushing = client.flush({ timeoutMs: 200 });
    deliver();
    expect(await flushing).toEqual({
      underWay: 1,
      delivered: 1,
      failed: 0,
      dropped: 0,
      pending: 0,
      timedOut: false,
      totals: { accepted: 1, delivered: 1, failed: 0, dropped: 0, pending: 0 },
      loggers: [{ name: "mine", delivered: 1, failed: 0, dropped: 0, pending: 0, ok: true }],
    });
    expect(calls).toEqual(["delivered", "flush 200"]);
  });

  it("ends at its deadline, and counts pending events", async () => {
    const { client, clock } = setUp({
      initialConfiguration,
      assignmentLogger: { logAssignment: () => new Promise(() => {}) },
    });
    client.getStringAssignment("f", "alice", {}, "");
    const flushing = client.flush({ timeoutMs: 200 });
    await clock.advance(200);
    expect(await flushing).toMatchObject({ pending: 1, timedOut: true });
    expect(clock.pending.filter((it) => it.holdsProcess)).toEqual([]);
  });

  it("ends when its signal is aborted", async () => {
    const { client } = setUp({
      initialConfiguration,
      assignmentLogger: { logAssignment: () => new Promise(() => {}) },
    });
    client.getStringAssignment("f", "alice", {}, "");
    expect(await client.flush({ signal: AbortSignal.abort() })).toMatchObject({ timedOut: true });
  });

  it.each([
    {
      flush: () => {
        throw new Error("no");
      },
      ok: false,
      because: "it throws",
    },
    { flush: () => Promise.reject(new Error("no")), ok: false, because: "it rejects" },
    { flush: () => ({ ok: false }), ok: false, because: "it returns that result" },
    { flush: () => ({ ok: true }), ok: true, because: "it returns that result" },
    { flush: () => undefined, ok: true, because: "it returns nothing" },
  ])("reports ok: $ok for a logger, because its flush: $because", async ({ flush, ok }) => {
    const { client } = setUp({ assignmentLogger: { logAssignment() {}, flush } });
    expect((await client.flush()).loggers).toMatchObject([{ name: "assignmentLogger", ok }]);
  });

  it("reports ok: false for a logger whose flush does not end", async () => {
    const { client, clock } = setUp({
      assignmentLogger: { logAssignment() {}, flush: () => new Promise(() => {}) },
    });
    const flushing = client.flush({ timeoutMs: 50 });
    await clock.advance(50);
    expect(await flushing).toMatchObject({ timedOut: true, loggers: [{ ok: false }] });
  });

  it("is followed by no event after close", async () => {
    const events: unknown[] = [];
    const { client } = setUp({
      initialConfiguration,
      assignmentLogger: { logAssignment: (event) => events.push(event) },
    });
    await client.close();
    const details = client.getStringAssignmentDetails("f", "alice", {}, "");
    expect(details).toMatchObject({ value: "yes", exposure: { reason: "closed" } });
    expect(events).toEqual([]);
  });
});
